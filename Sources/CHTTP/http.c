#include "evt_http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libcurl's callbacks need while one call runs. */
typedef struct {
    uint8_t *bytes;
    size_t length;
    size_t capacity;
    size_t limit;
    int32_t failure; /* why the write callback stopped the transfer, or EVT_HTTP_OK */
} evt_body;

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    evt_body *body = context;
    size_t added = size * count;
    if (added > body->limit - body->length) {
        body->failure = EVT_HTTP_TOO_LARGE;
        return CURL_WRITEFUNC_ERROR;
    }
    if (body->length + added > body->capacity) {
        size_t capacity = body->capacity == 0 ? 4096 : body->capacity;
        while (capacity < body->length + added) capacity *= 2;
        uint8_t *grown = realloc(body->bytes, capacity);
        if (grown == NULL) {
            body->failure = EVT_HTTP_NO_MEMORY;
            return CURL_WRITEFUNC_ERROR;
        }
        body->bytes = grown;
        body->capacity = capacity;
    }
    if (added > 0) memcpy(body->bytes + body->length, data, added);
    body->length += added;
    return added;
}

static int is_cancelled(const int32_t *flag) { return flag != NULL && __atomic_load_n(flag, __ATOMIC_ACQUIRE) != 0; }

void evt_http_cancel(int32_t *flag) { __atomic_store_n(flag, 1, __ATOMIC_RELEASE); }

static int32_t fail(evt_http_response *response, int32_t code, const char *message)
{
    snprintf(response->error, sizeof response->error, "%s", message);
    return code;
}

static struct curl_slist *header_list(const evt_http_request *request)
{
    struct curl_slist *list = NULL;
    for (size_t index = 0; index <= request->header_count; index++) {
        /* An empty Expect keeps libcurl from waiting a second for "100 Continue" before a long body. */
        const char *line = index < request->header_count ? request->headers[index] : "Expect:";
        struct curl_slist *grown = curl_slist_append(list, line);
        if (grown == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = grown;
    }
    return list;
}

static CURLcode configure(CURL *handle, const evt_http_request *request, struct curl_slist *headers, evt_body *body)
{
    CURLcode code = CURLE_OK;
#define SET(option, value) \
    if (code == CURLE_OK) code = curl_easy_setopt(handle, option, value)
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_TIMEOUT_MS, (long)request->deadline_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)request->deadline_ms);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->maximum_bytes);
    SET(CURLOPT_WRITEFUNCTION, receive);
    SET(CURLOPT_WRITEDATA, body);
    if (request->method == EVT_HTTP_POST) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDS, request->body_length == 0 ? "" : (const char *)request->body);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    }
#undef SET
    return code;
}

/*
 * Runs `handle` to its end. Driven through the multi interface because curl_easy_perform looks at its progress callback
 * only about once a second while nothing arrives; here the flag is looked at every EVT_HTTP_CANCEL_LATENCY_MS.
 */
static CURLcode run(CURLM *multi, CURL *handle, const int32_t *cancel, int *cancelled)
{
    int running = 1;
    if (curl_multi_add_handle(multi, handle) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    CURLcode result = CURLE_OK;
    while (running > 0) {
        if (is_cancelled(cancel)) {
            *cancelled = 1;
            break;
        }
        if (curl_multi_perform(multi, &running) != CURLM_OK) {
            result = CURLE_RECV_ERROR;
            break;
        }
        if (running > 0) curl_multi_poll(multi, NULL, 0, EVT_HTTP_CANCEL_LATENCY_MS, NULL);
    }
    int queued = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &queued)) != NULL;) {
        if (message->msg == CURLMSG_DONE) result = message->data.result;
    }
    curl_multi_remove_handle(multi, handle);
    return result;
}

/* `connected`: the server was reached; what looks malformed then is its answer, not the request. */
static int32_t classify(CURLcode code, int connected)
{
    switch (code) {
    case CURLE_OK: return EVT_HTTP_OK;
    case CURLE_OPERATION_TIMEDOUT: return EVT_HTTP_TIMED_OUT;
    case CURLE_FILESIZE_EXCEEDED: return EVT_HTTP_TOO_LARGE;
    case CURLE_OUT_OF_MEMORY: return EVT_HTTP_NO_MEMORY;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_FUNCTION_ARGUMENT: return connected ? EVT_HTTP_DROPPED : EVT_HTTP_INVALID;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION: return EVT_HTTP_UNREACHABLE;
    default: return EVT_HTTP_DROPPED;
    }
}

static const char *explain(int32_t failure)
{
    switch (failure) {
    case EVT_HTTP_TOO_LARGE: return "the response is longer than allowed";
    case EVT_HTTP_CANCELLED: return "the request was cancelled";
    case EVT_HTTP_TIMED_OUT: return "no complete response before the deadline";
    default: return "out of memory";
    }
}

/* The value of a header of the last response, cut to `size`; "" when it is absent. */
static void copy_header(CURL *handle, const char *name, char *value, size_t size)
{
    struct curl_header *header = NULL;
    if (curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK) snprintf(value, size, "%s", header->value);
}

static int32_t finish(
    CURL *handle, CURLcode code, int cancelled, evt_body *body, const char *detail, evt_http_response *response)
{
    long status = 0, connections = 0, sent = 0;
    char *type = NULL;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connections);
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
    response->status = (int32_t)status;
    response->sent = sent > 0;
    if (type != NULL) snprintf(response->content_type, sizeof response->content_type, "%s", type);
    copy_header(handle, "Retry-After", response->retry_after, sizeof response->retry_after);
    copy_header(handle, "Date", response->date, sizeof response->date);
    response->body = body->bytes;
    response->body_length = body->length;

    int32_t outcome = classify(code, connections > 0);
    if (body->failure != EVT_HTTP_OK) outcome = body->failure;
    if (cancelled) outcome = EVT_HTTP_CANCELLED;
    switch (outcome) {
    case EVT_HTTP_OK: return EVT_HTTP_OK;
    case EVT_HTTP_TOO_LARGE:
    case EVT_HTTP_CANCELLED:
    case EVT_HTTP_TIMED_OUT:
    case EVT_HTTP_NO_MEMORY: return fail(response, outcome, explain(outcome));
    default: return fail(response, outcome, detail[0] != '\0' ? detail : curl_easy_strerror(code));
    }
}

int32_t evt_http_perform(const evt_http_request *request, evt_http_response *response)
{
    memset(response, 0, sizeof *response);
    if (request->url == NULL || request->deadline_ms <= 0 || request->deadline_ms > INT32_MAX
        || request->maximum_bytes == 0 || request->maximum_bytes > INT64_MAX / 2
        || (request->method != EVT_HTTP_GET && request->method != EVT_HTTP_POST)) {
        return fail(response, EVT_HTTP_INVALID, "the request has no URL, method, deadline or size limit that can be used");
    }

    evt_body body = {.limit = request->maximum_bytes, .failure = EVT_HTTP_OK};
    char detail[CURL_ERROR_SIZE] = "";
    int cancelled = 0;
    int32_t outcome = EVT_HTTP_NO_MEMORY;
    struct curl_slist *headers = header_list(request);
    CURL *handle = curl_easy_init();
    CURLM *multi = curl_multi_init();
    if (headers == NULL || handle == NULL || multi == NULL) {
        fail(response, outcome, explain(outcome));
    } else {
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
        CURLcode code = configure(handle, request, headers, &body);
        if (code == CURLE_OK) code = run(multi, handle, request->cancel, &cancelled);
        outcome = finish(handle, code, cancelled, &body, detail, response);
    }
    curl_multi_cleanup(multi);
    curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
    return outcome;
}

void evt_http_free(evt_http_response *response)
{
    free(response->body);
    memset(response, 0, sizeof *response);
}
