/// A formula compiled for all that an operation asks of it.
package struct FormulaPrograms: Sendable {
  package let parameters: [String]
  package let forward: FormulaProgram
  /// Gradients of the parameters and, unless nobody wants it, of the input: written or added to what is there.
  private let parameterGradients: FormulaProgram
  private let written: FormulaProgram
  private let added: FormulaProgram

  /// `parameters` names each parameter of the expression once.
  package init(_ expression: FormulaExpression, parameters: [String]) {
    self.parameters = parameters
    var graph = FormulaGraph()
    let root = graph.add(expression, parameters: parameters)
    forward = .forward(graph, root: root, parameters: parameters.count)
    let slopes = parameters.indices.map { graph.derivative(of: root, by: .parameter($0)) }
    let slope = graph.derivative(of: root, by: .input)
    let gradient = graph.product(slope, graph.intern(.outputGradient))
    let sum = graph.sum(gradient, graph.intern(.previous))
    parameterGradients = .backward(graph, output: nil, slopes: slopes)
    written = .backward(graph, output: gradient, slopes: slopes)
    added = .backward(graph, output: sum, slopes: slopes)
  }

  /// The program that gives the gradients that are wanted.
  package func backward(wantsInput: Bool, accumulate: Bool) -> FormulaProgram {
    wantsInput ? (accumulate ? added : written) : parameterGradients
  }

  var all: [FormulaProgram] { [forward, parameterGradients, written, added] }
}
