# Varnish in front of a site with Notices, CACHE=vary:Notices-Key: one copy of a page for each key, not for each reader.
# The tests run this very file. Adapt the backend, and set NOTICES_TRUSTED_PROXIES to where Varnish runs.
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    if (req.restarts == 0) {
        # Never from a client.
        unset req.http.Notices-Key;
        unset req.http.Notices-Wanted;
        if (req.method == "GET" || req.method == "HEAD") {
            # First ask for the visitor's key, then begin again with the page. (A site that has the visitor's country
            # in a header can do without: `notices key --map varnish` writes the map.)
            set req.http.Notices-Wanted = req.url;
            set req.url = "/notices/key";
            return (pass);
        }
    }
    unset req.http.Notices-Wanted;
}

sub vcl_deliver {
    if (req.restarts == 0 && req.http.Notices-Wanted) {
        set req.http.Notices-Key = resp.http.Notices-Key;
        set req.url = req.http.Notices-Wanted;
        return (restart);
    }
}

sub vcl_recv {
    # Without a key nothing is known of the visitor, and no copy may answer.
    if ((req.method == "GET" || req.method == "HEAD") && req.http.Notices-Key !~ "^[0-9a-f]{8}$") {
        return (pass);
    }
}

sub vcl_hash {
    # The response says Vary: Notices-Key; as a part of the copy's name it holds for CACHE=keep too.
    hash_data(req.http.Notices-Key);
}

sub vcl_backend_response {
    # Varnish would keep a page that states no time to live for two minutes, and any page ten seconds longer than it
    # states: a notice that begins meanwhile would come late.
    if (!beresp.http.Cache-Control && !beresp.http.Expires && beresp.status < 400) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
    if (beresp.http.Cache-Control !~ "stale-while-revalidate") {
        set beresp.grace = 0s;
    }
}
