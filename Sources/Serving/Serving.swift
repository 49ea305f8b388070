/// `Serving`: runs as pages in the browser of whoever sits at this machine, while they go on.
///
/// Read-only, on the loopback interface alone, and for who knows the token: a cookie takes its place after the first page, so
/// that addresses in the browser's history open nothing. A page's script does one thing: when the server says that the
/// run has gone on, it fetches the content anew and makes what is there the new one; what the reader has opened,
/// focused, selected or scrolled stays.
package enum Serving {
    /// What a page may do: our own script and style, our own server.
    static let contentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
