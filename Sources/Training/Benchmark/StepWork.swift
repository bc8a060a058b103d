import Planning

extension LayerGraph {
  /// Multiply-adds of one clip of nominal length in a training step, convolutions counted as direct ones: each layer's
  /// product forward, once more for the gradient of its weights, and once more for that of its input where anything
  /// before it learns.
  package var trainingMultiplyAdds: Int {
    var learns: [Bool] = []
    var total = 0
    for node in nodes {
      let inputLearns = node.inputs.contains { reference in
        if case .node(let index) = reference { learns[index] } else { false }
      }
      let hasWeights = !node.parameters.isEmpty
      learns.append(inputLearns || hasWeights)
      total += node.multiplyAdds * (1 + (hasWeights ? 1 : 0) + (inputLearns ? 1 : 0))
    }
    return total
  }
}
