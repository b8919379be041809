vcl 4.1;
import xkey;

backend default { .host = "cms"; .port = "8000"; }
acl purgers { "192.0.2.10"; }

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403));
        }
        set req.http.purged = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Purged " + req.http.purged));
    }
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    # Without being told to, Varnish answers for ten seconds more with what is over.
    if (beresp.http.Cache-Control !~ "stale-while-revalidate") {
        set beresp.grace = 0s;
    }
}

sub vcl_deliver {
    unset resp.http.xkey;
}
