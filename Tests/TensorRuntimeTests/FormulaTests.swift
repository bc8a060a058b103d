import CKernels
import Foundation
import TensorRuntime
import Testing

/// The levels that this CPU has.
private let levels: [serspec_kernels] = ["baseline", "avx2", "avx512"].compactMap { name in
  let table = serspec_kernels_for(name).pointee
  return String(cString: table.name) == name ? table : nil
}

/// Values of a program on fresh memory, and its parameters' sums.
private func run(
  _ program: FormulaProgram, _ kernels: serspec_kernels, x: [Float], gradient: [Float]? = nil, parameters: [Float] = []
) -> (values: [Float], sums: [Float]) {
  let shared = AlignedBuffer(count: program.sharedCount(period: 1))
  let worker = AlignedBuffer(count: program.workerCount(period: 1))
  program.share(shared.pointer, period: 1) { number, _ in parameters[number] }
  var operands = [[Float](repeating: .nan, count: x.count + 1), x] + (gradient.map { [$0] } ?? [])
  var sums = [Float](repeating: .nan, count: max(1, parameters.count))
  let buffers = operands.map { values in
    let buffer = AlignedBuffer(count: values.count)
    buffer.assign(values)
    return buffer
  }
  sums.withUnsafeMutableBufferPointer { sums in
    program.run(
      kernels, count: x.count, first: 0, linear: buffers.map(\.pointer), shared: shared.pointer, worker: worker.pointer,
      period: 1, partials: gradient == nil ? nil : sums.baseAddress)
  }
  operands[0] = buffers[0].values
  #expect(operands[0][x.count].isNaN, "wrote beyond the end")
  withExtendedLifetime((shared, worker, buffers)) {}
  return (Array(operands[0].dropLast()), sums)
}

@Suite("Formulas, at every level this CPU has") struct FormulaTests {
  /// Each function with its value in double precision and an interval to try.
  static let functions: [(FormulaFunction, @Sendable (Double) -> Double, ClosedRange<Double>)] = [
    (.exp, exp, -87...88.7), (.expm1, expm1, -30...80), (.log, log, 1e-30...1e30), (.log, log, 0.5...2),
    (.log1p, log1p, -0.99...3), (.log1p, log1p, 1...1e9), (.tanh, tanh, -12...12), (.tanh, tanh, -0.01...0.01),
    (.sigmoid, { 1 / (1 + exp(-$0)) }, -80...80), (.softplus, { max($0, 0) + log1p(exp(-abs($0))) }, -80...80),
    (.erf, erf, -5...5), (.erf, erf, -0.01...0.01), (.sqrt, sqrt, 0...1e6), (.sin, sin, -100...100),
    (.cos, cos, -100...100), (.abs, abs, -3...3), (.relu, { max($0, 0) }, -3...3),
    (.sign, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, -3...3), (.negate, { -$0 }, -3...3),
  ]

  @Test(arguments: functions.indices) func functionsAreExactToAFewUlp(_ index: Int) {
    let (function, exact, range) = Self.functions[index]
    let programs = FormulaPrograms(.unary(function, .input), parameters: [])
    let x = (0...3000).map { Float(range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 3000) }
    for kernels in levels {
      // Near their zeros sine and cosine are as exact as their argument's remainder.
      let floor = function == .sin || function == .cos ? 2e-7 : 1e-37
      var worst = (error: 0.0, x: Float(0))
      for (x, found) in zip(x, run(programs.forward, kernels, x: x).values) {
        let expected = exact(Double(x))
        let error = abs(Double(found) - expected) / (6e-7 * abs(expected) + floor)
        if !(error <= worst.error) { worst = (error, x) }
      }
      #expect(worst.error <= 1, "\(function)(\(worst.x))")
    }
  }

  @Test func functionsKeepTheirEnds() {
    // Below the least normal number.
    let tiny = Float(bitPattern: 714)
    let ends: [Float] = [.nan, .infinity, -.infinity, 0, tiny, -1]
    let expected: [(FormulaFunction, [Float])] = [
      (.exp, [.nan, .infinity, 0, 1, 1, exp(-1)]), (.expm1, [.nan, .infinity, -1, 0, tiny, expm1(-1)]),
      (.log, [.nan, .infinity, .nan, -.infinity, log(tiny), .nan]),
      (.log1p, [.nan, .infinity, .nan, 0, tiny, -.infinity]), (.tanh, [.nan, 1, -1, 0, tiny, tanh(-1)]),
      (.sigmoid, [.nan, 1, 0, 0.5, 0.5, 1 / (1 + exp(1))]),
      (.softplus, [.nan, .infinity, 0, log(2), log(2), log1p(exp(-1))]), (.erf, [.nan, 1, -1, 0, 0, erf(-1)]),
      (.sin, [.nan, .nan, .nan, 0, tiny, sin(-1)]), (.cos, [.nan, .nan, .nan, 1, 1, cos(-1)]),
      (.relu, [.nan, .infinity, 0, 0, tiny, 0]), (.sqrt, [.nan, .infinity, .nan, 0, sqrt(tiny), .nan]),
    ]
    for kernels in levels {
      for (function, expected) in expected {
        let found = run(FormulaPrograms(.unary(function, .input), parameters: []).forward, kernels, x: ends).values
        for (index, (found, expected)) in zip(found, expected).enumerated() {
          #expect(
            found == expected || (found.isNaN && expected.isNaN)
              || abs(found - expected) < 1e-6 * max(1, abs(expected)),
            "\(function)(\(ends[index])) = \(found), not \(expected)")
        }
      }
    }
  }

  @Test func powersAreCsOnes() {
    let bases: [Float] = [0, 1, -1, 2.5, -2.5, 0.3, 40, -3]
    let power = FormulaPrograms(.binary(.power, .input, .parameter("p")), parameters: ["p"])
    for kernels in levels {
      for exponent in [Float(0), 1, 2, 3, -1, -2, 0.5, 1.7, -0.3, 7] {
        let found = run(power.forward, kernels, x: bases, parameters: [exponent]).values
        for (base, found) in zip(bases, found) {
          let exact = pow(base, exponent)
          #expect(
            found == exact || (found.isNaN && exact.isNaN) || abs(found - exact) < 4e-6 * abs(exact),
            "\(base) ** \(exponent) = \(found), not \(exact)")
        }
      }
    }
  }

  /// Where PyTorch's gradient of a power is finite although a factor of the formula is not.
  @Test func powersHaveGradientsAtZero() {
    let power = FormulaPrograms(.binary(.power, .input, .parameter("p")), parameters: ["p"])
    for kernels in levels {
      for (exponent, slope) in [(Float(2), Float(0)), (1, 1), (0, 0), (3, 0)] {
        let gradient = run(
          power.backward(wantsInput: true, accumulate: false), kernels, x: [0], gradient: [1], parameters: [exponent])
        #expect(gradient.values == [slope])
        #expect(gradient.sums == [0])
      }
      for exponent in [2.0, 3, 5, 64, 65, 200] {
        let whole = FormulaPrograms(.binary(.power, .input, .constant(exponent)), parameters: [])
        let program = whole.backward(wantsInput: true, accumulate: false)
        #expect(run(program, kernels, x: [0, 1, -1], gradient: [1, 1, 1]).values[0] == 0)
        let slope = run(program, kernels, x: [1, -1], gradient: [1, 1]).values
        #expect(abs(slope[0] - Float(exponent)) < 1e-4 && abs(abs(slope[1]) - Float(exponent)) < 1e-3)
      }
    }
  }

  @Test func kinksHaveSlopeZero() {
    let zero = FormulaExpression.constant(0)
    let kinks: [FormulaExpression] = [
      .unary(.relu, .input), .unary(.abs, .input), .binary(.maximum, zero, .input), .binary(.maximum, .input, zero),
      .binary(.minimum, .input, zero), .binary(.maximum, .input, .unary(.negate, .input)),
    ]
    for kernels in levels {
      for formula in kinks {
        let program = FormulaPrograms(formula, parameters: []).backward(wantsInput: true, accumulate: false)
        #expect(run(program, kernels, x: [0], gradient: [1]).values == [0])
      }
    }
  }

  /// What is written naively has a gradient wherever the well written form has one.
  @Test func logisticFunctionsWrittenOutDoNotOverflow() {
    let one = FormulaExpression.constant(1)
    let logistic = FormulaExpression.binary(
      .divide, .input, .binary(.add, one, .unary(.exp, .unary(.negate, .input))))
    let programs = FormulaPrograms(logistic, parameters: [])
    for kernels in levels {
      let x: [Float] = [-1e4, -100, 100, 1e4]
      let slope = run(
        programs.backward(wantsInput: true, accumulate: false), kernels, x: x, gradient: [1, 1, 1, 1]
      ).values
      for (found, expected) in zip(slope, [0, 0, 1, 1] as [Float]) { #expect(abs(found - expected) < 1e-30) }
    }
  }

  @Test(arguments: [1, 3, 15, 16, 17, 255, 256, 257, 1000]) func everyLengthGivesTheSameValues(_ count: Int) {
    let formula = FormulaExpression.binary(
      .multiply, .parameter("a"), .binary(.multiply, .input, .unary(.sigmoid, .input)))
    let programs = FormulaPrograms(formula, parameters: ["a"])
    for kernels in levels {
      let x = (0..<count).map { Float($0 * 37 % 101) / 25 - 2 }
      let values = run(programs.forward, kernels, x: x, parameters: [2]).values
      let gradient = run(
        programs.backward(wantsInput: true, accumulate: false), kernels, x: x, gradient: x, parameters: [2])
      var sum = 0.0
      for (x, value) in zip(x, values) {
        #expect(abs(value - 2 * x / (1 + exp(-x))) < 2e-6)
        sum += Double(x * value) / 2
      }
      #expect(abs(Double(gradient.sums[0]) - sum) < 1e-4 * max(1, abs(sum)))
    }
  }

  /// A layer far larger than a tile: the sums of many pieces, by layer and by channel, are those of one.
  @Test(arguments: [FormulaActivation.Sharing.layer, .channel], [Layout.canonical, .channelsLast])
  func largeTensorsSumOverAllPieces(_ sharing: FormulaActivation.Sharing, _ layout: Layout) throws {
    let spec = TensorSpec(Shape([3, 20, 40, 30]), layout)
    let operation = FormulaActivation(
      label: "product", formula: .binary(.multiply, .parameter("a"), .input), initial: [("a", 1)], sharing: sharing,
      spec: spec)
    let count = spec.shape.count
    let x = (0..<count).map { Float($0 % 7) - 2 }
    let dy = (0..<count).map { Float($0 % 5) - 1 }
    let a = operation.parameters[0].shape.count == 1 ? [Float(3)] : (0..<20).map { Float($0) }
    let outcomes = try [1, 2, 5].map { threads in
      try TensorRuntimeTests.run(operation, inputs: [x], parameters: [a], outputGradient: dy, threads: threads)
    }
    func channel(_ index: Int) -> Int { a.count == 1 ? 0 : index / 1200 % 20 }
    var expected = [Double](repeating: 0, count: a.count)
    for index in 0..<count { expected[channel(index)] += Double(x[index] * dy[index]) }
    for outcome in outcomes {
      #expect(outcome.output == x.indices.map { a[channel($0)] * x[$0] })
      #expect(outcome.inputGradients[0] == dy.indices.map { a[channel($0)] * dy[$0] })
      #expect(outcome.parameterGradients[0].map(Double.init) == expected)
    }
  }

  @Test func longFormulasStayLinear() {
    // 200 operations with 8 parameters, each of which reaches the end.
    let formula = (0..<100).reduce(FormulaExpression.input) { value, index in
      .unary(.tanh, .binary(.multiply, value, .parameter("p\(index % 8)")))
    }
    let programs = FormulaPrograms(formula, parameters: (0..<8).map { "p\($0)" })
    #expect(programs.backward(wantsInput: true, accumulate: true).steps.count < 200 * 9 * 3)
  }
}
