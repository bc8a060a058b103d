/// The plans that an executor has made, by batch shape. Those that were not asked for the longest go first where there are too
/// many.
struct RememberedPlans {
  struct Key: Hashable {
    let batch: Int
    let shapes: [[Int]]
    let mode: ExecutionPlan.Mode
  }

  private struct Entry {
    var plan: BoundPlan
    var lastUse: Int
  }

  /// The most operations that all plans together may have: some ten megabytes. That is 500 lengths of a model of a hundred
  /// operations, more than a corpus of speech has.
  private let limit: Int
  private var entries: [Key: Entry] = [:]
  private var operations = 0
  private var uses = 0

  init(limit: Int = 50_000) { self.limit = limit }

  var count: Int { entries.count }

  /// The plan for `key`, which counts as a use of it.
  mutating func plan(for key: Key) -> BoundPlan? {
    guard let index = entries.index(forKey: key) else { return nil }
    uses += 1
    entries.values[index].lastUse = uses
    return entries.values[index].plan
  }

  /// Remembers `plan`, in place of what was remembered for `key`.
  mutating func remember(_ plan: BoundPlan, for key: Key) {
    uses += 1
    operations += plan.steps.count
    if let before = entries.updateValue(Entry(plan: plan, lastUse: uses), forKey: key) {
      operations -= before.plan.steps.count
    }
    while operations > limit, entries.count > 1, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      operations -= oldest.value.plan.steps.count
      entries[oldest.key] = nil
    }
  }
}
