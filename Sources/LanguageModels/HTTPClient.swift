import CHTTP
import Foundation

/// One HTTP request with a hard deadline and a hard size limit; see `evt_http.h` for what it does and does not do.
package struct HTTPRequest: Sendable {
    package var url: String
    /// Sent by POST; nil makes it a GET.
    package var body: Data?
    /// Lines "Name: value".
    package var headers: [String]
    /// Seconds for the whole call, connecting included.
    package var deadline: Double
    /// Longest response body accepted.
    package var maximumBytes: Int

    package init(url: String, body: Data? = nil, headers: [String] = [], deadline: Double, maximumBytes: Int) {
        self.url = url
        self.body = body
        self.headers = headers
        self.deadline = deadline
        self.maximumBytes = maximumBytes
    }
}

package struct HTTPResponse: Sendable {
    package var status: Int
    /// Media type in lower case, without parameters; "" when the server named none.
    package var contentType: String
    package var body: Data
    /// Seconds that the server asks its caller to wait before the next request; nil when it does not say, or not so that
    /// it can be read.
    package var retryAfter: Double?
}

/// Why no response arrived. `message` is safe to show: it holds no header and no body.
package struct HTTPFailure: Error, Hashable, Sendable {
    package enum Kind: Sendable { case invalid, unreachable, timedOut, dropped, tooLarge, cancelled }

    package var kind: Kind
    package var message: String
    /// Whether any byte of the request went out: the server may have seen it.
    package var wasSent = false
}

/// Swift's door to CHTTP. Each call blocks a thread of its own, so no thread of the cooperative pool ever waits on a
/// socket; cancelling the task ends the transfer within `EVT_HTTP_CANCEL_LATENCY_MS`.
package enum HTTPClient {
    package static func perform(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let flag = CancelFlag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>) in
                let thread = Thread { continuation.resume(returning: transfer(request, flag)) }
                thread.name = "evolve-http"
                thread.start()
            }
        } onCancel: {
            flag.set()
        }
        return try result.get()
    }

    private static func transfer(_ request: HTTPRequest, _ flag: CancelFlag) -> Result<HTTPResponse, HTTPFailure> {
        let milliseconds = (request.deadline * 1000).rounded(.up)
        // A deadline that has passed is a time-out, not a malformed request.
        guard milliseconds > 0 else {
            return .failure(
                HTTPFailure(kind: .timedOut, message: "the deadline had passed before the request was sent"))
        }
        var response = evt_http_response()
        defer { evt_http_free(&response) }
        let code = withCRequest(request, milliseconds: Int64(min(milliseconds, 86_400_000)), flag) {
            evt_http_perform($0, &response)
        }
        guard Int(code) == EVT_HTTP_OK else {
            return .failure(HTTPFailure(kind: kind(code), message: text(response.error), wasSent: response.sent != 0))
        }
        let body = response.body.map { Data(bytes: $0, count: response.body_length) } ?? Data()
        let type = text(response.content_type).prefix { $0 != ";" }.lowercased()
        return .success(
            HTTPResponse(
                status: Int(response.status), contentType: type.trimmingCharacters(in: .whitespaces), body: body,
                retryAfter: RetryAfter.seconds(text(response.retry_after), answeredAt: text(response.date))))
    }

    /// Calls `body` with the C form of `request`; its pointers are valid only until `body` returns.
    private static func withCRequest<Value>(
        _ request: HTTPRequest, milliseconds: Int64, _ flag: CancelFlag,
        _ body: (UnsafePointer<evt_http_request>) -> Value
    ) -> Value {
        let lines = request.headers.map { strdup($0) }
        defer { for line in lines { free(line) } }
        let constLines = lines.map { UnsafePointer<CChar>($0) }
        let bytes = [UInt8](request.body ?? Data())
        return request.url.withCString { url in
            constLines.withUnsafeBufferPointer { headers in
                bytes.withUnsafeBufferPointer { bytes in
                    var form = evt_http_request(
                        url: url, method: Int32(request.body == nil ? EVT_HTTP_GET : EVT_HTTP_POST),
                        headers: headers.baseAddress, header_count: headers.count, body: bytes.baseAddress,
                        body_length: bytes.count, deadline_ms: milliseconds,
                        maximum_bytes: max(0, request.maximumBytes), cancel: flag.pointer)
                    return body(&form)
                }
            }
        }
    }

    private static func kind(_ code: Int32) -> HTTPFailure.Kind {
        switch Int(code) {
        case EVT_HTTP_UNREACHABLE: .unreachable
        case EVT_HTTP_TIMED_OUT: .timedOut
        case EVT_HTTP_TOO_LARGE: .tooLarge
        case EVT_HTTP_CANCELLED: .cancelled
        case EVT_HTTP_INVALID: .invalid
        default: .dropped
        }
    }

    /// The text in a C array of characters, which ends at the first NUL.
    private static func text(_ array: some Any) -> String {
        withUnsafeBytes(of: array) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// The flag that a running transfer watches.
///
/// Unchecked because of the raw pointer: it is written only through `evt_http_cancel` and read only by CHTTP, both
/// atomically, and freed when neither the caller nor the transfer holds this object any more.
private final class CancelFlag: @unchecked Sendable {
    let pointer = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    init() { pointer.initialize(to: 0) }
    deinit { pointer.deallocate() }

    func set() { evt_http_cancel(pointer) }
}
