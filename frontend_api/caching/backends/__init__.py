"""Cache backends for the setting `CACHES`; if one fails, that costs a cache miss and nothing more.

What others may use:

- `memory.MemoryCache`: in the memory of the process, limited in bytes
- `fault_tolerant_redis.FaultTolerantRedisCache`: on a Valkey or Redis server that may be down
- `serializers`: signed formats, so that data on that server cannot run code
- `circuit_breaker.CircuitBreaker`: leaves a server alone for a while after it failed
"""
