import CKernels

/// One operation of the interpreter for each node that `roots` need; a product that only one sum or difference reads
/// becomes part of it.
struct FormulaSelection {
  typealias Index = FormulaGraph.Index

  struct Step {
    let operation: serspec_formula_operation
    let operands: [Index]
  }

  /// By node; leaves and fused products have none.
  private(set) var steps: [Index: Step] = [:]

  init(_ graph: FormulaGraph, roots: [Index]) {
    var readers = Array(repeating: 0, count: graph.nodes.count)
    var needed = Array(repeating: false, count: graph.nodes.count)
    for root in roots {
      needed[root] = true
      readers[root] += 1
    }
    for index in graph.nodes.indices.reversed() where needed[index] {
      for operand in graph.nodes[index].operands {
        needed[operand] = true
        readers[operand] += 1
      }
    }
    var fused: Set<Index> = []
    for index in graph.nodes.indices.reversed() where needed[index] && !fused.contains(index) {
      guard let step = Self.step(for: graph.nodes[index], in: graph, readers: readers, fused: &fused) else { continue }
      steps[index] = step
    }
  }

  private static func step(
    for node: FormulaGraph.Node, in graph: FormulaGraph, readers: [Int], fused: inout Set<Index>
  ) -> Step? {
    func product(_ index: Index) -> (Index, Index)? {
      guard readers[index] == 1, case .binary(.multiply, let a, let b) = graph.nodes[index] else { return nil }
      return (a, b)
    }
    switch node {
    case .input, .parameter, .constant, .outputGradient, .previous: return nil
    case .unary(let function, let a): return Step(operation: function.operation, operands: [a])
    case .select(let comparison, let a, let b, let then, let otherwise):
      return Step(operation: comparison.operation, operands: [a, b, then, otherwise])
    case .binary(.add, let a, let b):
      // Of two products the later one: it is the one that needs the other values.
      for (index, rest) in [(b, a), (a, b)] {
        guard let (x, y) = product(index) else { continue }
        fused.insert(index)
        return Step(operation: SERSPEC_FORMULA_MULTIPLY_ADD, operands: [x, y, rest])
      }
      return Step(operation: SERSPEC_FORMULA_ADD, operands: [a, b])
    case .binary(.subtract, let a, let b):
      if let (x, y) = product(b) {
        fused.insert(b)
        return Step(operation: SERSPEC_FORMULA_SUBTRACT_PRODUCT, operands: [x, y, a])
      }
      if let (x, y) = product(a) {
        fused.insert(a)
        return Step(operation: SERSPEC_FORMULA_MULTIPLY_SUBTRACT, operands: [x, y, b])
      }
      return Step(operation: SERSPEC_FORMULA_SUBTRACT, operands: [a, b])
    case .binary(.multiply, let a, let b):
      // A sum with a product, multiplied again: the last step of most gradients.
      for (index, factor) in [(a, b), (b, a)] where readers[index] == 1 {
        guard case .binary(.add, let left, let right) = graph.nodes[index] else { continue }
        for (part, rest) in [(right, left), (left, right)] {
          guard let (x, y) = product(part) else { continue }
          fused.formUnion([index, part])
          return Step(operation: SERSPEC_FORMULA_MULTIPLY_SUM, operands: [x, y, rest, factor])
        }
      }
      return Step(operation: SERSPEC_FORMULA_MULTIPLY, operands: [a, b])
    case .binary(let operation, let a, let b): return Step(operation: operation.operation, operands: [a, b])
    }
  }
}

extension FormulaFunction {
  fileprivate var operation: serspec_formula_operation {
    switch self {
    case .negate: SERSPEC_FORMULA_NEGATE
    case .abs: SERSPEC_FORMULA_ABS
    case .sqrt: SERSPEC_FORMULA_SQRT
    case .exp: SERSPEC_FORMULA_EXP
    case .expm1: SERSPEC_FORMULA_EXPM1
    case .log: SERSPEC_FORMULA_LOG
    case .log1p: SERSPEC_FORMULA_LOG1P
    case .tanh: SERSPEC_FORMULA_TANH
    case .sigmoid: SERSPEC_FORMULA_SIGMOID
    case .softplus: SERSPEC_FORMULA_SOFTPLUS
    case .erf: SERSPEC_FORMULA_ERF
    case .sin: SERSPEC_FORMULA_SIN
    case .cos: SERSPEC_FORMULA_COS
    case .relu: SERSPEC_FORMULA_RELU
    case .sign: SERSPEC_FORMULA_SIGN
    }
  }
}

extension FormulaOperator {
  fileprivate var operation: serspec_formula_operation {
    switch self {
    case .add: SERSPEC_FORMULA_ADD
    case .subtract: SERSPEC_FORMULA_SUBTRACT
    case .multiply: SERSPEC_FORMULA_MULTIPLY
    case .divide: SERSPEC_FORMULA_DIVIDE
    case .power: SERSPEC_FORMULA_POWER
    case .minimum: SERSPEC_FORMULA_MINIMUM
    case .maximum: SERSPEC_FORMULA_MAXIMUM
    }
  }
}

extension FormulaComparison {
  fileprivate var operation: serspec_formula_operation {
    switch self {
    case .less: SERSPEC_FORMULA_SELECT_LESS
    case .lessOrEqual: SERSPEC_FORMULA_SELECT_LESS_OR_EQUAL
    case .equal: SERSPEC_FORMULA_SELECT_EQUAL
    }
  }
}
