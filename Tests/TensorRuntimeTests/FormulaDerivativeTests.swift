import CKernels
import Foundation
import TensorRuntime
import Testing

/// Random formulas: values and derivatives against an evaluation in double precision, which knows nothing of graphs.
@Suite struct FormulaDerivativeTests {
  @Test(arguments: 0..<60) func derivativesAreSlopes(_ seed: Int) throws {
    var random = Numbers(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let formula = random.formula(depth: 5)
    let names = ["a", "b"]
    let programs = FormulaPrograms(formula, parameters: names)
    let parameters = [Float(random.uniform() * 2 - 1), Float(random.uniform() * 2 - 1)]
    let x = (0..<40).map { _ in Float(random.uniform() * 6 - 3) }
    for name in ["baseline", "avx2", "avx512"] {
      let kernels = serspec_kernels_for(name).pointee
      guard String(cString: kernels.name) == name else { continue }
      let gradients = values(
        programs.backward(wantsInput: true, accumulate: false), kernels, x: x, parameters: parameters)
      for (index, x) in x.enumerated() {
        let point = [Double(x)] + parameters.map(Double.init)
        // One value at a time, so that a parameter's sum is one slope.
        let alone = values(
          programs.backward(wantsInput: true, accumulate: false), kernels, x: [x], parameters: parameters)
        #expect(alone.values[0] == gradients.values[index] || alone.values[0].isNaN)
        for (variable, found) in ([alone.values[0]] + alone.sums).enumerated() {
          guard let slope = slope(formula, at: point, along: variable) else { continue }
          #expect(
            abs(Double(found) - slope.value) <= 1e-4 * slope.scale + slope.doubt,
            "\(formula) at \(point), variable \(variable)")
        }
      }
    }
  }

  /// The quotient of differences; nil near kinks and poles, where two steps disagree.
  private func slope(
    _ formula: FormulaExpression, at point: [Double], along variable: Int
  ) -> (value: Double, scale: Double, doubt: Double)? {
    func quotient(_ step: Double) -> Double {
      var (left, right) = (point, point)
      left[variable] -= step
      right[variable] += step
      return (formula.value(right) - formula.value(left)) / (2 * step)
    }
    let (near, far) = (quotient(1e-5), quotient(1e-4))
    let size = abs(formula.value(point))
    guard formula.isModerate(point), size < 100, abs(near) < 100, abs(near - far) < 1e-3 else { return nil }
    return (near, 1 + size + abs(near), 10 * abs(near - far))
  }

  private func values(
    _ program: FormulaProgram, _ kernels: serspec_kernels, x: [Float], parameters: [Float]
  ) -> (values: [Float], sums: [Float]) {
    let shared = AlignedBuffer(count: program.sharedCount(period: 1))
    let worker = AlignedBuffer(count: program.workerCount(period: 1))
    program.share(shared.pointer, period: 1) { number, _ in parameters[number] }
    let operands = [[Float](repeating: .nan, count: x.count), x, [Float](repeating: 1, count: x.count)].map { values in
      let buffer = AlignedBuffer(count: values.count)
      buffer.assign(values)
      return buffer
    }
    let sums = AlignedBuffer(count: parameters.count)
    program.run(
      kernels, count: x.count, first: 0, linear: operands.map(\.pointer), shared: shared.pointer,
      worker: worker.pointer, period: 1, partials: sums.pointer)
    return withExtendedLifetime((shared, worker, operands)) { (operands[0].values, sums.values) }
  }
}

extension FormulaExpression {
  /// Whether no part of the formula is infinite, undefined or near it.
  fileprivate func isModerate(_ point: [Double]) -> Bool {
    guard abs(value(point)) < 1e6 else { return false }
    switch self {
    case .input, .parameter, .constant: return true
    case .unary(_, let a): return a.isModerate(point)
    case .binary(_, let a, let b): return a.isModerate(point) && b.isModerate(point)
    case .select(_, let a, let b, let c, let d): return [a, b, c, d].allSatisfy { $0.isModerate(point) }
    }
  }

  /// The value in double precision; `point` is x, a, b.
  fileprivate func value(_ point: [Double]) -> Double {
    switch self {
    case .input: return point[0]
    case .parameter(let name): return point[name == "a" ? 1 : 2]
    case .constant(let value): return value
    case .unary(let function, let operand):
      let x = operand.value(point)
      switch function {
      case .negate: return -x
      case .abs: return abs(x)
      case .sqrt: return sqrt(x)
      case .exp: return exp(x)
      case .expm1: return expm1(x)
      case .log: return log(x)
      case .log1p: return log1p(x)
      case .tanh: return tanh(x)
      case .sigmoid: return 1 / (1 + exp(-x))
      case .softplus: return max(x, 0) + log1p(exp(-abs(x)))
      case .erf: return erf(x)
      case .sin: return sin(x)
      case .cos: return cos(x)
      case .relu: return x < 0 ? 0 : x
      case .sign: return x > 0 ? 1 : x < 0 ? -1 : 0
      }
    case .binary(let operation, let left, let right):
      let (a, b) = (left.value(point), right.value(point))
      switch operation {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return a / b
      case .power: return pow(a, b)
      // NaN stays, as in the runtime.
      case .minimum: return a.isNaN || b.isNaN ? .nan : min(a, b)
      case .maximum: return a.isNaN || b.isNaN ? .nan : max(a, b)
      }
    case .select(let comparison, let left, let right, let then, let otherwise):
      let (a, b) = (left.value(point), right.value(point))
      let holds =
        switch comparison {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .equal: a == b
        }
      return (holds ? then : otherwise).value(point)
    }
  }
}

/// A small generator of numbers and formulas: the same for a seed everywhere.
private struct Numbers {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  mutating func uniform() -> Double { Double(next(1 << 20)) / Double(1 << 20) }

  mutating func formula(depth: Int) -> FormulaExpression {
    if depth == 0 || next(8) == 0 {
      switch next(6) {
      case 0: return .constant(Double(next(9) - 4) / 2)
      case 1: return .parameter("a")
      case 2: return .parameter("b")
      default: return .input
      }
    }
    switch next(10) {
    case 0..<4: return .unary(FormulaFunction.allCases[next(FormulaFunction.allCases.count)], formula(depth: depth - 1))
    case 4..<9:
      let operation = FormulaOperator.allCases[next(FormulaOperator.allCases.count)]
      let left = formula(depth: depth - 1)
      return .binary(
        operation, left, operation == .power ? .constant(Double(next(9) - 2) / 2) : formula(depth: depth - 1))
    default:
      let comparison = FormulaComparison.allCases[next(FormulaComparison.allCases.count)]
      let (a, b, c) = (formula(depth: depth - 1), formula(depth: depth - 1), formula(depth: depth - 1))
      return .select(comparison, a, b, then: c, otherwise: formula(depth: depth - 1))
    }
  }
}
