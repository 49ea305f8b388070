/*
 * CHTTP: one blocking HTTP request, over libcurl.
 *
 * Why it exists: curl_easy_setopt is variadic, so Swift cannot call it; and a deadline, a size limit and cancellation
 * belong in one place.
 *
 * What a call does: connects, sends, reads the whole response, closes. It follows no redirects, speaks only http and
 * https, installs no signal handlers, and ignores the proxies and .netrc of the caller's environment.
 * What it is not: no streaming, no cookies, no connection reuse, no retries.
 *
 * Rules:
 * 1. Any thread may call, and several at once; a call shares nothing with another but the flag given to both.
 * 2. The request and all it points to stay unchanged until the call returns; the library keeps no pointer afterwards.
 * 3. After evt_http_perform, whatever it returned, evt_http_free(response) releases the body; it may be called twice.
 * 4. An HTTP error status (404, 500) is EVT_HTTP_OK: the server did answer. Look at response->status.
 */
#ifndef EVT_HTTP_H
#define EVT_HTTP_H

#include <stddef.h>
#include <stdint.h>

enum {
    EVT_HTTP_OK = 0,
    EVT_HTTP_INVALID = 1,     /* the request is malformed: URL, scheme, method, limits */
    EVT_HTTP_UNREACHABLE = 2, /* no connection: name unknown, refused, TLS refused */
    EVT_HTTP_TIMED_OUT = 3,   /* deadline_ms passed */
    EVT_HTTP_DROPPED = 4,     /* the connection ended before the response was complete, or was not HTTP */
    EVT_HTTP_TOO_LARGE = 5,   /* the body is longer than maximum_bytes */
    EVT_HTTP_CANCELLED = 6,   /* *cancel became non-zero */
    EVT_HTTP_NO_MEMORY = 7
};

enum { EVT_HTTP_GET = 0, EVT_HTTP_POST = 1 };

/* A cancellation takes effect within this many milliseconds. */
enum { EVT_HTTP_CANCEL_LATENCY_MS = 50 };

typedef struct evt_http_request {
    const char *url;            /* http:// or https://, UTF-8, NUL-terminated */
    int32_t method;             /* EVT_HTTP_GET or EVT_HTTP_POST */
    const char *const *headers; /* header_count lines "Name: value", without line ends */
    size_t header_count;
    const uint8_t *body; /* body_length bytes, sent with POST only; may be NULL when empty */
    size_t body_length;
    int64_t deadline_ms;  /* > 0, for the whole call, connecting included */
    size_t maximum_bytes; /* > 0, of the response body */
    const int32_t *cancel; /* NULL, or a flag that evt_http_cancel sets from any thread */
} evt_http_request;

typedef struct evt_http_response {
    int32_t status;         /* HTTP status, 0 when none arrived */
    int32_t sent;           /* non-zero when any byte of the request went out: the server may have seen it */
    char content_type[128]; /* as sent, cut to fit; "" when absent */
    char retry_after[64];   /* as sent, cut to fit; "" when absent */
    char date[64];          /* as sent, cut to fit; "" when absent */
    uint8_t *body;          /* body_length bytes; NULL when empty; released by evt_http_free */
    size_t body_length;
    char error[256]; /* "" or one line for people: holds the host, never a header, a body or a URL's user part */
} evt_http_response;

/* Performs `request` and fills `response` (all of it, whatever it held). Returns one of the codes above. */
int32_t evt_http_perform(const evt_http_request *request, evt_http_response *response);

/* Releases what `response` owns and empties it. */
void evt_http_free(evt_http_response *response);

/* Makes the calls that watch `flag` return EVT_HTTP_CANCELLED. */
void evt_http_cancel(int32_t *flag);

#endif
