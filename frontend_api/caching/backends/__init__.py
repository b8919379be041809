"""Django cache backends for the settings, which cost a miss and no more when they fail.

What others may use:

- `memory.MemoryCache`: in the memory of the process, limited in bytes
- `fault_tolerant_redis.FaultTolerantRedisCache`: on a Valkey or Redis server that may be gone
- `serializers`: what is sent to that server, so that nobody can put code into it
- `circuit_breaker.CircuitBreaker`: leaves a server alone for a while after it failed
"""
