import Reporting
import Spec
import TensorRuntime
import Testing

/// Models that are edited at random: what holds for every pair of specs.
@Suite("comparing random edits") struct RandomEditTests {
  /// A chain of layers that keep their input's rank, so that any order of them fits.
  private struct Chain {
    var nodes: [[String]]

    init(_ random: inout RandomCursor) {
      nodes = (0..<1 + random.below(3)).map { _ in
        var layers: [String] = []
        for _ in 0..<1 + random.below(6) { layers.append(Chain.layer(&random)) }
        return layers
      }
    }

    static func layer(_ random: inout RandomCursor) -> String {
      let number = 1 + random.below(4)
      return [
        "conv2d: {out_channels: \(number), kernel_size: 3, padding: 1}", "conv2d: {out_channels: 4, kernel_size: 1}",
        "relu", "silu", "{elu: {alpha: \(number)}}", "group_norm: 1", "dropout: 0.\(number)",
      ][random.below(7)]
    }

    mutating func edit(_ random: inout RandomCursor) {
      let node = random.below(nodes.count)
      let place = random.below(nodes[node].count)
      switch random.below(5) {
      case 0: nodes[node].insert(Self.layer(&random), at: place)
      case 1 where nodes[node].count > 1: nodes[node].remove(at: place)
      case 2: nodes[node][place] = Self.layer(&random)
      case 3: nodes[node].swapAt(place, random.below(nodes[node].count))
      default: nodes.insert([Self.layer(&random)], at: node)
      }
    }

    var text: String {
      var lines: [String] = []
      for (index, layers) in nodes.enumerated() {
        let source = index == 0 ? "mel_image" : "n\(index - 1)"
        lines.append("n\(index): {from: \(source), layers: [\(layers.joined(separator: ", "))]}")
      }
      lines.append("logits: {from: n\(nodes.count - 1), layers: [global_avg_pool, linear: \"${classes}\"]}")
      return lines.joined(separator: "\n")
    }
  }

  @Test("the way back mirrors the way there; nothing changes exactly where the hashes are equal", arguments: 0..<60)
  func mirror(seed: Int) throws {
    var random = RandomCursor(RandomStream(RandomKey(seed: UInt64(seed))))
    var chain = Chain(&random)
    let before = try experiment(chain.text)
    for _ in 0..<random.below(5) { chain.edit(&random) }
    let after = try experiment(chain.text, extra: random.below(3) == 0 ? "seed: 7" : "")
    let forth = ExperimentComparison(before, after)
    let back = ExperimentComparison(after, before)

    #expect(forth.brief.isEmpty == forth.isSame)
    let opposite: [ChangeKind: ChangeKind] = [.added: .removed, .removed: .added]
    let mirrored = back.model.changes.map { change in
      "\(opposite[change.kind] ?? change.kind) \(change.after?.path ?? "") \(change.before?.path ?? "") "
        + change.fields.map(\.name).joined(separator: ",")
    }
    let there = forth.model.changes.map { change in
      "\(change.kind) \(change.before?.path ?? "") \(change.after?.path ?? "") "
        + change.fields.map(\.name).joined(separator: ",")
    }
    #expect(there.sorted() == mirrored.sorted())
    #expect(ExperimentComparison(after, after).brief.isEmpty)
    // Every form can be written of it.
    #expect(!forth.text(color: true).isEmpty && !forth.markdown.isEmpty && !forth.json.text().isEmpty)
  }
}
