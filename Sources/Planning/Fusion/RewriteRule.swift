import Layers
import TensorRuntime

/// A way to put fewer operations in the place of several, with the same outputs, parameters, states and random numbers.
///
/// A rule looks at operations, shapes and who reads what, never at a name or a size of its own choosing: it holds
/// wherever it fits.
package struct RewriteRule: Sendable {
  /// What `show --plan` and tests call it.
  package let name: String
  /// The operations that the rule replaces if the first of them is number `index`; nil where it does not fit.
  let match: @Sendable (_ program: ProgramView, _ index: Int) -> Rewrite?

  /// All rules in the order in which they are tried, each on the whole program before the next.
  package static let table: [RewriteRule] = [
    .identity, .normalisedChain, .pooledChain, .epilogue, .elementwiseChain,
  ]
}

/// What a rule does.
enum Rewrite {
  /// The operations `parts`, in running order, become `replacement`, which runs at the place of the last of them.
  case replace(parts: [Int], replacement: LoweredOperation)
  /// The operation goes; its first input is read in place of its output.
  case bypass(Int)
}

/// A program and who reads what in it.
struct ProgramView {
  let operations: [LoweredOperation]
  let output: Int
  let training: Bool
  /// For each tensor the operations that read it, once for each time.
  let users: [[Int]]
  /// For each tensor the operation that writes it; nil for inputs.
  let producers: [Int?]

  init(_ program: Program, training: Bool) {
    operations = program.operations
    output = program.output
    self.training = training
    var users = Array(repeating: [Int](), count: program.tensors.count)
    var producers = Array(repeating: Int?.none, count: program.tensors.count)
    for (index, lowered) in program.operations.enumerated() {
      for input in lowered.inputs { users[input].append(index) }
      producers[lowered.output] = index
    }
    (self.users, self.producers) = (users, producers)
  }

  /// The operation that alone reads the output of operation `index`, as the tensor that it was written as.
  func onlyUser(of index: Int) -> Int? {
    let tensor = operations[index].output
    guard tensor != output, users[tensor].count == 1, let user = users[tensor].first,
      let place = operations[user].inputs.firstIndex(of: tensor),
      operations[user].operation.inputs[place] == operations[index].operation.output
    else { return nil }
    return user
  }

  /// What a two-input operation reads beside `tensor`.
  func other(than tensor: Int, of index: Int) -> Int? {
    let inputs = operations[index].inputs
    return inputs.count == 2 ? inputs.first { $0 != tensor } : nil
  }
}

extension Program {
  /// The program after each rule has been applied wherever it fits.
  package func rewritten(by rules: [RewriteRule], training: Bool, fired: ((String) -> Void)? = nil) -> Program {
    rules.reduce(self) { program, rule in
      let view = ProgramView(program, training: training)
      var taken = Set<Int>()
      var replacements: [Int: LoweredOperation] = [:]
      var aliases: [Int: Int] = [:]
      for index in program.operations.indices where !taken.contains(index) {
        switch rule.match(view, index) {
        case .replace(let parts, let replacement)? where taken.isDisjoint(with: parts):
          taken.formUnion(parts)
          if let last = parts.last { replacements[last] = replacement }
        case .bypass(let part)?:
          taken.insert(part)
          let lowered = program.operations[part]
          aliases[lowered.output] = aliases[lowered.inputs[0]] ?? lowered.inputs[0]
        default: continue
        }
        fired?(rule.name)
      }
      if taken.isEmpty { return program }
      let left = program.operations.indices.compactMap { index in
        replacements[index] ?? (taken.contains(index) ? nil : program.operations[index])
      }
      return Program(
        operations: left.map { $0.reading { aliases[$0] ?? $0 } }, tensors: program.tensors, inputs: program.inputs,
        output: aliases[program.output] ?? program.output)
    }
  }
}

extension LoweredOperation {
  /// The same operation on other tensors.
  fileprivate func reading(_ tensor: (Int) -> Int) -> LoweredOperation {
    LoweredOperation(
      operation: operation, inputs: inputs.map(tensor), output: output, parameters: parameters, states: states,
      layer: layer, stream: stream)
  }
}
