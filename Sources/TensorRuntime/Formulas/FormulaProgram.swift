import CKernels

/// A formula, or its gradient, as steps over rows for the interpreter in `loops/formula.h`.
///
/// Rows by number: the output, `x`, in gradients also the output's gradient; the parameters; in gradients the sums for
/// the parameters' gradients; the constants; the registers.
package struct FormulaProgram: Sendable {
  package let steps: [serspec_formula_step]
  let linear: Int
  let parameters: Int
  let sums: Int
  let constants: [Float]
  let registers: Int

  var rows: Int { linear + parameters + sums + constants.count + registers }

  /// The values of a formula of `parameters` parameters.
  static func forward(_ graph: FormulaGraph, root: FormulaGraph.Index, parameters: Int) -> FormulaProgram {
    var builder = FormulaProgramBuilder(graph, output: root, sums: [], linear: [.input], parameters: parameters)
    return builder.build()
  }

  /// The gradients.
  ///
  /// - Parameters:
  ///   - output: the gradient of the input; nil where nobody wants it.
  ///   - slopes: the derivatives by each parameter, still without the output's gradient.
  static func backward(
    _ graph: FormulaGraph, output: FormulaGraph.Index?, slopes: [FormulaGraph.Index]
  ) -> FormulaProgram {
    var builder = FormulaProgramBuilder(
      graph, output: output, sums: slopes, linear: [.input, .outputGradient], parameters: slopes.count)
    return builder.build()
  }
}

/// Chooses steps for the nodes that are needed, and registers for their values.
private struct FormulaProgramBuilder {
  typealias Index = FormulaGraph.Index

  private var graph: FormulaGraph
  private let output: Index?
  private let sums: [Index]
  private let linear: [FormulaGraph.Node]
  private let parameters: Int

  private var steps: [serspec_formula_step] = []
  /// How many steps still read a node's value.
  private var uses: [Int] = []
  private var constants: [Index: Int] = [:]
  private var values: [Float] = []
  /// The register of each node that has one now.
  private var places: [Index: Int] = [:]
  private var free: [Int] = []
  private var registers = 0
  private let firstConstant: Int
  private var firstRegister = 0

  init(
    _ graph: FormulaGraph, output: Index?, sums: [Index], linear: [FormulaGraph.Node], parameters: Int
  ) {
    self.graph = graph
    self.output = output
    self.sums = sums
    self.linear = linear
    self.parameters = parameters
    firstConstant = 1 + linear.count + parameters + sums.count
  }

  mutating func build() -> FormulaProgram {
    let selection = FormulaSelection(graph, roots: sums + (output.map { [$0] } ?? []))
    // Sums multiply by the output's gradient, so they read it once each.
    let gradient = sums.isEmpty ? nil : graph.intern(.outputGradient)
    uses = Array(repeating: 0, count: graph.nodes.count)
    for step in selection.steps.values { for operand in step.operands { uses[operand] += 1 } }
    for sum in sums { uses[sum] += 1 }
    collectConstants(selection)
    // A value that only the output wants is computed last, in its place: until then input and output may be one memory.
    let direct = output.flatMap { selection.steps[$0] != nil && uses[$0] == 0 ? $0 : nil }
    for index in selection.steps.keys.sorted() where index != direct {
      guard let step = selection.steps[index] else { continue }
      emit(step, of: index)
      addToSums(of: index, gradient)
    }
    for (number, slope) in sums.enumerated() where selection.steps[slope] == nil {
      add(slope, toSum: number, gradient)
    }
    if let output {
      if let direct, let step = selection.steps[direct] {
        let rows = step.operands.map(row)
        append(step.operation, 0, rows)
      } else {
        append(SERSPEC_FORMULA_COPY, 0, [row(output)])
      }
    }
    return FormulaProgram(
      steps: steps, linear: 1 + linear.count, parameters: parameters, sums: sums.count, constants: values,
      registers: registers)
  }

  private mutating func collectConstants(_ selection: FormulaSelection) {
    let read = selection.steps.keys.sorted().flatMap { selection.steps[$0]?.operands ?? [] } + sums
    for index in read + (output.map { [$0] } ?? []) {
      guard let value = graph.number(index), constants[index] == nil else { continue }
      constants[index] = values.count
      values.append(Float(value))
    }
    firstRegister = firstConstant + values.count
  }

  private mutating func emit(_ step: FormulaSelection.Step, of index: Index) {
    let rows = step.operands.map(row)
    for operand in step.operands { release(operand) }
    // The result may take the place of an operand: each vector is read before it is written.
    let register = free.popLast() ?? registers
    registers = max(registers, register + 1)
    // The output alone wants it, or sums do later.
    places[index] = register
    append(step.operation, firstRegister + register, rows)
  }

  private mutating func addToSums(of index: Index, _ gradient: Index?) {
    for (number, slope) in sums.enumerated() where slope == index {
      add(slope, toSum: number, gradient)
      release(slope)
    }
  }

  private mutating func add(_ slope: Index, toSum number: Int, _ gradient: Index?) {
    guard let gradient else { return }
    append(SERSPEC_FORMULA_ADD_PRODUCT, 1 + linear.count + parameters + number, [row(slope), row(gradient)])
  }

  private mutating func release(_ index: Index) {
    uses[index] -= 1
    if uses[index] == 0, index != output, let register = places.removeValue(forKey: index) { free.append(register) }
  }

  private func row(_ index: Index) -> Int {
    switch graph.nodes[index] {
    case .parameter(let number): return 1 + linear.count + number
    case .constant: return firstConstant + (constants[index] ?? 0)
    case .previous: return 0
    case .input, .outputGradient: return 1 + (linear.firstIndex(of: graph.nodes[index]) ?? 0)
    case .unary, .binary, .select: return firstRegister + (places[index] ?? 0)
    }
  }

  private mutating func append(_ operation: serspec_formula_operation, _ out: Int, _ rows: [Int]) {
    // Rows that the operation does not read still have to exist.
    let rows = (rows + Array(repeating: rows[0], count: 4)).prefix(4).map(UInt16.init)
    steps.append(
      serspec_formula_step(
        operation: UInt16(operation.rawValue), out: UInt16(out), a: rows[0], b: rows[1], c: rows[2], d: rows[3]))
  }
}
