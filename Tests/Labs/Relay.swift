import Foundation
import Glibc
import Synchronization

/// A cable to a port of 127.0.0.1 that a test can cut.
package final class Relay: Sendable {
    package enum Fault: Hashable, Sendable {
        case none
        /// Nothing passes any more, and nobody is told: a pulled cable.
        case silent
        /// The first message from the client that contains this text reaches the server; its answer does not come back, and
        /// the connection ends.
        case answerLost(to: String)
    }

    package let port: UInt16
    private let listener: Int32
    private let fault = Mutex(Fault.none)

    /// - Parameter target: the port that connections are passed on to.
    package init(to target: UInt16) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var address = Relay.loopback(0)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw LabProblem(description: "no relay: \(String(cString: strerror(errno)))") }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { return }
                self.join(client, target)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    package func setFault(_ fault: Fault) { self.fault.withLock { $0 = fault } }

    private func join(_ client: Int32, _ target: UInt16) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = Relay.loopback(target)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(client)
            close(server)
            return
        }
        let ends = Ends(client: client, server: server)
        Thread.detachNewThread { self.pump(ends, toServer: true) }
        Thread.detachNewThread { self.pump(ends, toServer: false) }
    }

    /// Two sockets, which stay open until both directions have ended, so that their numbers mean nothing else meanwhile.
    private final class Ends: Sendable {
        let client, server: Int32
        let open = Mutex(2)
        let isAnswerLost = Mutex(false)
        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }
    }

    private func pump(_ ends: Ends, toServer: Bool) {
        let (from, to) = toServer ? (ends.client, ends.server) : (ends.server, ends.client)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            let fault = fault.withLock { $0 }
            guard count > 0 else { break }
            if fault == .silent { continue }
            if case .answerLost(let text) = fault {
                if toServer, Data(buffer[..<count]).range(of: Data(text.utf8)) != nil {
                    ends.isAnswerLost.withLock { $0 = true }
                } else if !toServer, ends.isAnswerLost.withLock({ $0 }) {
                    break
                }
            }
            guard send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        if fault.withLock({ $0 }) != .silent {
            shutdown(ends.client, Int32(SHUT_RDWR))
            shutdown(ends.server, Int32(SHUT_RDWR))
        }
        let isLast = ends.open.withLock { open in
            open -= 1
            return open == 0
        }
        if isLast {
            close(ends.client)
            close(ends.server)
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }
}
