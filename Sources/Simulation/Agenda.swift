/// What happens when, earliest first; at one time, in the order in which it was entered. A binary heap.
struct Agenda<Event> {
    private struct Entry {
        var time: Double
        var order: Int
        var event: Event

        func isBefore(_ other: Entry) -> Bool { time == other.time ? order < other.order : time < other.time }
    }

    private var heap: [Entry] = []
    private var entered = 0

    mutating func enter(_ event: Event, at time: Double) {
        heap.append(Entry(time: time, order: entered, event: event))
        entered += 1
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func next() -> (time: Double, event: Event)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return (first.time, first.event) }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != place else { return (first.time, first.event) }
            heap.swapAt(place, least)
            place = least
        }
    }
}
