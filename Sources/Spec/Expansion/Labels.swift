import Diagnostics

/// A layer that came out of expanding a list, with the copies of blocks that it lies in, outermost first.
struct ExpandedStep {
  struct Copy {
    let block: Located<String>
    /// What labels call the block: its own name or the one that the use gives.
    let label: String
    /// Tells the copies of a list apart.
    let number: Int
  }

  let name: String?
  /// The name that the step gives itself.
  let given: Located<String>?
  let copies: [Copy]
  /// Where the value of the name was written, if the name is an expression.
  let namedAt: SourceSpan?
}

/// Names the steps of a list: the kind, with `_2`, `_3`, ... for repeats; copies of a block are numbered from 1 where
/// there are several, and stand before a dot: `conv_block_1.conv1d`.
struct Labels {
  private(set) var labels: [String]
  private let steps: [ExpandedStep]
  private var taken: Set<String> = []

  init(_ steps: [ExpandedStep]) {
    self.steps = steps
    labels = Array(repeating: "", count: steps.count)
    name(steps.indices, depth: 0, prefix: "")
  }

  /// Names the steps at `range`, which share the copies up to `depth`.
  private mutating func name(_ range: Range<Int>, depth: Int, prefix: String) {
    let groups = self.groups(range, depth: depth)
    var copies: [String: Int] = [:]
    for group in groups { if let block = block(group, depth) { copies[block, default: 0] += 1 } }

    var counts: [String: Int] = [:]
    for group in groups {
      if let block = block(group, depth) {
        let number = counts[block, default: 0] + 1
        counts[block] = number
        let wanted = copies[block] == 1 ? block : "\(block)_\(number)"
        name(group, depth: depth + 1, prefix: unique(prefix + wanted) + ".")
      } else {
        let step = steps[group.lowerBound]
        let kind = step.given?.value ?? step.name ?? "step"
        let number = counts[kind, default: 0] + 1
        counts[kind] = number
        labels[group.lowerBound] = unique(prefix + (number == 1 ? kind : "\(kind)_\(number)"))
      }
    }
  }

  private func block(_ group: Range<Int>, _ depth: Int) -> String? {
    let copies = steps[group.lowerBound].copies
    return depth < copies.count ? copies[depth].label : nil
  }

  /// The range in pieces: single steps, and all steps of one copy together.
  private func groups(_ range: Range<Int>, depth: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      if depth < steps[start].copies.count {
        let number = steps[start].copies[depth].number
        while end < range.upperBound, depth < steps[end].copies.count, steps[end].copies[depth].number == number {
          end += 1
        }
      }
      groups.append(start..<end)
      start = end
    }
    return groups
  }

  /// `name`, or with a further number where a kind's or a block's own name ends in one that is taken.
  private mutating func unique(_ name: String) -> String {
    var candidate = name
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }
}
