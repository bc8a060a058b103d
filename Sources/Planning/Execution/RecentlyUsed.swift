/// Values by key up to a total weight: where there are too many, those that were not asked for the longest go first.
package struct RecentlyUsed<Key: Hashable, Value> {
  private struct Entry {
    let value: Value
    let weight: Int
    var lastUse: Int
  }

  private let limit: Int
  private var entries: [Key: Entry] = [:]
  private var weight = 0
  private var uses = 0

  /// - Parameter limit: the most that all values together may weigh; a single one may weigh more.
  package init(limit: Int) { self.limit = limit }

  package var count: Int { entries.count }

  /// The value of `key`, which counts as a use of it.
  package mutating func value(for key: Key) -> Value? {
    guard let index = entries.index(forKey: key) else { return nil }
    uses += 1
    entries.values[index].lastUse = uses
    return entries.values[index].value
  }

  /// Keeps `value`, in place of what was kept for `key`.
  package mutating func keep(_ value: Value, for key: Key, weight added: Int) {
    uses += 1
    weight += added
    let before = entries.updateValue(Entry(value: value, weight: added, lastUse: uses), forKey: key)
    weight -= before?.weight ?? 0
    while weight > limit, entries.count > 1, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      weight -= oldest.value.weight
      entries[oldest.key] = nil
    }
  }
}
