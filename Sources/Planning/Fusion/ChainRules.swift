import Layers
import TensorRuntime

extension RewriteRule {
  /// norm (+ addend) (+ activation) (+ pool) (+ dropout), one more stage at least: the norm's input is read once more for
  /// the output, and nothing between is written.
  static let normalisedChain = RewriteRule(name: "normalised chain") { program, index in
    FusedChain.Stage(program.operations[index].operation) == .normalise ? program.chain(from: index) : nil
  }

  /// (addend +) activation + pool (+ dropout), or pool + dropout: only the pooled values are written.
  static let pooledChain = RewriteRule(name: "pooled chain") { program, index in
    program.chain(from: index) { $0.contains(.pool) }
  }

  /// Two or more of addend, activation and dropout, where no producer has taken them.
  static let elementwiseChain = RewriteRule(name: "elementwise chain") { program, index in
    program.chain(from: index)
  }
}

extension ProgramView {
  /// The longest chain that begins with operation `first` and that `FusedChain` can run, if `fits` holds for its stages.
  fileprivate func chain(from first: Int, where fits: ([FusedChain.Stage]) -> Bool = { _ in true }) -> Rewrite? {
    guard let start = FusedChain.Stage(operations[first].operation), start != .drop else { return nil }
    var (parts, stages) = ([first], [start])
    while let last = parts.last, let next = onlyUser(of: last),
      let stage = FusedChain.Stage(operations[next].operation), let before = stages.last, before < stage
    {
      parts.append(next)
      stages.append(stage)
    }
    guard fits(stages), let chain = FusedChain(parts.map { operations[$0].operation }) else { return nil }
    return replacement(of: parts, stages, by: chain)
  }

  private func replacement(of parts: [Int], _ stages: [FusedChain.Stage], by chain: FusedChain) -> Rewrite? {
    guard let first = parts.first, let last = parts.last else { return nil }
    var inputs = [operations[first].inputs[0]]
    if stages.first == .add {
      inputs = operations[first].inputs
    } else if let place = stages.firstIndex(of: .add) {
      let add = parts[place]
      guard let addend = other(than: operations[parts[place - 1]].output, of: add) else { return nil }
      inputs.append(addend)
    }
    let drop = stages.last == .drop ? last : first
    return .replace(
      parts: parts,
      replacement: LoweredOperation(
        operation: chain, inputs: inputs, output: operations[last].output,
        parameters: operations[first].parameters, states: operations[first].states, layer: operations[first].layer,
        stream: operations[drop].stream))
  }
}
