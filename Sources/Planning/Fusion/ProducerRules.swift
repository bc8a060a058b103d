import Layers
import TensorRuntime

extension RewriteRule {
  /// A producer that can finish its own output takes the addend and the activation behind it into its last write.
  static let epilogue = RewriteRule(name: "epilogue") { program, index in
    guard let host = program.operations[index].operation as? any EpilogueHost else { return nil }
    var parts = [index]
    var addend: Int?
    var activation: ActivationKind?
    while let last = parts.last, activation == nil, let next = program.onlyUser(of: last) {
      let operation = program.operations[next].operation
      if let add = operation as? Add, add.inputs.count == 2, addend == nil {
        addend = program.other(than: program.operations[last].output, of: next)
      } else if let function = operation as? Activation,
        !program.training || function.gradientReads == .output
      {
        activation = function.kind
      } else {
        break
      }
      parts.append(next)
    }
    guard let last = parts.last, parts.count > 1,
      let fused = host.absorbing(Epilogue(addsTensor: addend != nil, activation: activation))
    else { return nil }
    let producer = program.operations[index]
    return .replace(
      parts: parts,
      replacement: LoweredOperation(
        operation: fused, inputs: producer.inputs + (addend.map { [$0] } ?? []),
        output: program.operations[last].output, parameters: producer.parameters, states: producer.states,
        layer: producer.layer, stream: producer.stream))
  }

  /// Dropout of any kind passes its input through in inference, and always where it drops nothing.
  static let identity = RewriteRule(name: "identity") { program, index in
    let lowered = program.operations[index]
    guard let dropout = lowered.operation as? any Droppable, !program.training || !dropout.drops else { return nil }
    return .bypass(index)
  }
}
