import EvolveTypes
import Foundation
import Hummingbird

/// Lets in who knows the token, by its address or by the cookie that it is exchanged for; and says to every browser what a page
/// may do.
struct Gate: RouterMiddleware {
    let token: String

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context, next)
        response.headers[.contentSecurityPolicy] = Serving.contentPolicy
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func answer(
        _ request: Request, _ context: BasicRequestContext,
        _ next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        // A name that somebody has pointed at this machine is not ours.
        guard let (host, port) = Self.parts(request.head.authority ?? ""),
            ["127.0.0.1", "localhost", "[::1]"].contains(host)
        else {
            return Self.refusal(.misdirectedRequest, "this server answers to 127.0.0.1 and localhost only")
        }
        let cookie = "evolve-\(port)"
        if let given = request.uri.queryParameters.get("token") {
            guard Self.isSame(given, token) else { return Self.refusal(.forbidden, Self.advice) }
            var response = Response.redirect(to: request.uri.path, type: .normal)
            response.setCookie(
                Cookie(name: cookie, value: token, path: "/", httpOnly: true, sameSite: .strict))
            return response
        }
        guard let given = request.cookies[cookie]?.value, Self.isSame(given, token) else {
            return Self.refusal(.forbidden, Self.advice)
        }
        guard request.method == .get || request.method == .head else {
            return Self.refusal(.methodNotAllowed, "pages can only be looked at")
        }
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return Self.refusal(error.status, error.body ?? "there is nothing here; the runs are at /")
        }
    }

    private static let advice = "open the address that evolve serve has printed: it holds the token that lets you in"

    /// The port need not be the server's own: ssh may have given it another one.
    /// - Returns: nil when what stands behind the colon is no port.
    private static func parts(_ authority: String) -> (host: String, port: Int)? {
        guard let colon = authority.lastIndex(of: ":"), authority.last != "]" else { return (authority, 80) }
        let text = authority[authority.index(after: colon)...]
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(text), (1...65_535).contains(port) else {
            return nil
        }
        return (String(authority[..<colon]), port)
    }

    private static func refusal(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    /// In a time that does not tell how far they agree.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
