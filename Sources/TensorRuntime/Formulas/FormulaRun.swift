import CKernels

/// The starts of a program's linear operands, at most three: an array without the heap.
struct FormulaOperands: Sequence, IteratorProtocol {
  private var first: UnsafeMutablePointer<Float>?
  private var second: UnsafeMutablePointer<Float>?
  private var third: UnsafeMutablePointer<Float>?
  private var count: Int

  init(_ first: UnsafeMutablePointer<Float>?, _ second: UnsafeMutablePointer<Float>?) {
    (self.first, self.second, third, count) = (first, second, nil, 2)
  }

  init(
    _ first: UnsafeMutablePointer<Float>?, _ second: UnsafeMutablePointer<Float>?, _ third: UnsafeMutablePointer<Float>?
  ) {
    (self.first, self.second, self.third, count) = (first, second, third, 3)
  }

  /// The same operands from value `offset` on.
  func moved(by offset: Int) -> FormulaOperands {
    var result = self
    (result.first, result.second, result.third) = (
      first.map { $0 + offset }, second.map { $0 + offset }, third.map { $0 + offset }
    )
    return result
  }

  mutating func next() -> UnsafeMutablePointer<Float>?? {
    guard count > 0 else { return nil }
    defer { (first, second, third, count) = (second, third, nil, count - 1) }
    return .some(first)
  }
}

extension FormulaProgram {
  /// Values that go through all steps at a time: enough that a step's dispatch is small beside its work, few enough that
  /// rows stay in the first cache and that their writes to memory go on behind the next row's computation.
  var rowLength: Int { rows <= 16 ? 512 : rows <= 32 ? 256 : 128 }

  /// Floats that all threads read: each constant as a row, each parameter over one period and a row.
  package func sharedCount(period: Int) -> Int {
    constants.count * rowLength + parameters * (period + rowLength)
  }

  /// Floats that a thread needs for itself: registers, the last row's copies, sums over one period and a row.
  package func workerCount(period: Int) -> Int {
    (registers + linear) * rowLength + sums * (period + rowLength)
  }

  /// Writes what `sharedCount` made room for. `parameter` gives a value by parameter and place in the period.
  package func share(_ shared: UnsafeMutablePointer<Float>, period: Int, parameter: (Int, Int) -> Float) {
    var target = shared
    for value in constants {
      target.update(repeating: value, count: rowLength)
      target += rowLength
    }
    for number in 0..<parameters {
      for place in 0..<period { target[place] = parameter(number, place) }
      for place in 0..<rowLength { target[period + place] = target[place % period] }
      target += period + rowLength
    }
  }

  /// Runs the steps on `count` values that lie one behind the other; the first one's parameters are number `first` of
  /// the period.
  ///
  /// - Parameters:
  ///   - linear: starts of the output and what else moves with the values; nil where it is not used.
  ///   - shared: as `share` wrote it.
  ///   - worker: memory of this thread.
  ///   - partials: where the sums of each parameter go, [sums, period].
  package func run(
    _ kernels: serspec_kernels, count: Int, first: Int, linear operands: some Sequence<UnsafeMutablePointer<Float>?>,
    shared: UnsafeMutablePointer<Float>, worker: UnsafeMutablePointer<Float>, period: Int,
    partials: UnsafeMutablePointer<Float>?
  ) {
    let row = rowLength
    let spare = worker + registers * row
    let sumStart = spare + linear * row
    sumStart.update(repeating: 0, count: sums * (period + row))
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>?.self, capacity: 2 * rows) { pointers in
      guard let starts = pointers.baseAddress else { return }
      var next = 0
      func place(_ pointer: UnsafeMutablePointer<Float>?) {
        (starts + next).initialize(to: pointer)
        (starts + rows + next).initialize(to: nil)
        next += 1
      }
      for operand in operands { place(operand) }
      for number in 0..<parameters { place(shared + constants.count * row + number * (period + row)) }
      for number in 0..<sums { place(sumStart + number * (period + row)) }
      for number in constants.indices { place(shared + number * row) }
      for number in 0..<registers { place(worker + number * row) }
      steps.withUnsafeBufferPointer { steps in
        guard let base = steps.baseAddress else { return }
        var program = serspec_formula(
          steps: base, count: steps.count, rows: rows, row: row, linear: linear, periodic: parameters + sums,
          period: period)
        kernels.formula(&program, count, first, starts, starts + rows, spare)
      }
    }
    guard let partials else { return }
    for number in 0..<sums {
      let sum = sumStart + number * (period + row)
      for place in 0..<period {
        var total = 0.0
        for index in stride(from: place, to: period + row, by: period) { total += Double(sum[index]) }
        partials[number * period + place] = Float(total)
      }
    }
  }
}
