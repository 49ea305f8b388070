import Foundation
import Glibc
import Synchronization

/// `LoopbackHTTP`: a real HTTP server on 127.0.0.1 whose every answer is written by the test, well or badly.
///
/// Each connection gets a thread that reads one request and hands it, with the connection, to the test's closure.
package final class LoopbackServer: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let received = Mutex<[String]>([])

    package var base: String { "http://127.0.0.1:\(port)" }
    /// The requests so far, head and body as sent.
    package var requests: [String] { received.withLock { $0 } }

    package convenience init(_ respond: @escaping @Sendable (Connection) -> Void) throws {
        try self.init { connection, _ in respond(connection) }
    }

    /// - Parameter respond: is given the request, head and body as sent.
    package init(_ respond: @escaping @Sendable (Connection, String) -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                    ? getsockname(descriptor, $0, &length) : -1
            }
        }
        struct NoSocket: Error { var errno: Int32 }
        guard descriptor >= 0, status == 0 else { throw NoSocket(errno: errno) }
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [weak self] in
                    let connection = Connection(descriptor: connection)
                    let request = connection.readRequest()
                    self?.received.withLock { $0.append(request) }
                    respond(connection, request)
                    close(connection.descriptor)
                }
            }
        }
    }

    deinit {
        // shutdown, unlike close, wakes the thread in accept.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

package struct Connection: Sendable {
    package let descriptor: Int32

    /// - Returns: false when the client has gone.
    @discardableResult
    package func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// A whole response, with its length.
    package func respond(_ body: String, status: String = "200 OK", type: String? = "application/json") {
        let typeLine = type.map { "Content-Type: \($0)\r\n" } ?? ""
        send("HTTP/1.1 \(status)\r\n\(typeLine)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Reads the head, then as many bytes as it announces.
    fileprivate func readRequest() -> String {
        var bytes = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 4096)
        func announced() -> Int? {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.upperBound]
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            let length = line.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
            return head.utf8.count + length
        }
        while announced().map({ bytes.count < $0 }) ?? true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
