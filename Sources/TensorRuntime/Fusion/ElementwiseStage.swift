import CKernels

/// A function of single values as part of a fused operation, which runs it on a strip at a time.
struct ElementwiseStage: Sendable {
  private enum Function: Sendable {
    case kind(ActivationKind)
    case formula(FormulaPrograms)
  }

  let label: String
  /// Whether the gradient follows from the output; otherwise it takes the input.
  let followsFromOutput: Bool
  private let function: Function

  /// Takes an `Activation`, or a `FormulaActivation` that learns nothing; nil for anything else.
  init?(_ operation: any Operation) {
    label = operation.label
    if let activation = operation as? Activation {
      followsFromOutput = activation.gradientReads.contains(.output)
      function = .kind(activation.kind)
    } else if let activation = operation as? FormulaActivation, activation.parameters.isEmpty {
      followsFromOutput = false
      function = .formula(activation.programs)
    } else {
      return nil
    }
  }

  /// How the loops that normalise too call it; nil for formulas.
  var loop: (kind: serspec_activation, alpha: Float)? {
    switch function {
    case .kind(.relu): (SERSPEC_ACTIVATION_RELU, 0)
    case .kind(.silu): (SERSPEC_ACTIVATION_SILU, 0)
    case .kind(.elu(let alpha)): (SERSPEC_ACTIVATION_ELU, alpha)
    case .formula: nil
    }
  }

  /// Floats that `prepare` writes for the forward pass, and those that each thread needs.
  var forwardRoom: (shared: Int, worker: Int) { room { $0.forward } }
  /// The same for the gradient.
  var gradientRoom: (shared: Int, worker: Int) { room { $0.backward(wantsInput: true, accumulate: false) } }

  private func room(_ program: (FormulaPrograms) -> FormulaProgram) -> (shared: Int, worker: Int) {
    guard case .formula(let programs) = function else { return (0, 0) }
    let program = program(programs)
    return (program.sharedCount(period: 1), program.workerCount(period: 1))
  }

  /// Writes what all strips read, once a call.
  func prepareForward(_ shared: UnsafeMutablePointer<Float>) {
    guard case .formula(let programs) = function else { return }
    programs.forward.share(shared, period: 1) { _, _ in 0 }
  }

  func prepareGradient(_ shared: UnsafeMutablePointer<Float>) {
    guard case .formula(let programs) = function else { return }
    programs.backward(wantsInput: true, accumulate: false).share(shared, period: 1) { _, _ in 0 }
  }

  /// `y = f(x)`, in place too.
  func forward(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ room: Room) {
    switch function {
    case .kind(.relu): Kernels.table.relu(count, x, y)
    case .kind(.silu): Kernels.table.silu(count, x, y)
    case .kind(.elu(let alpha)): Kernels.table.elu(count, alpha, x, y)
    case .formula(let programs):
      run(programs.forward, count, FormulaOperands(y, UnsafeMutablePointer(mutating: x)), room)
    }
  }

  /// `dx = dy f'`, where `known` is the output if `followsFromOutput`, else the input.
  func gradient(
    _ count: Int, known: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>,
    _ room: Room
  ) {
    switch function {
    case .kind(.relu): Kernels.table.relu_gradient(count, known, dy, dx, 0)
    case .kind(.silu): Kernels.table.silu_gradient(count, known, dy, dx, 0)
    case .kind(.elu(let alpha)): Kernels.table.elu_gradient(count, alpha, known, dy, dx, 0)
    case .formula(let programs):
      run(
        programs.backward(wantsInput: true, accumulate: false), count,
        FormulaOperands(dx, UnsafeMutablePointer(mutating: known), UnsafeMutablePointer(mutating: dy)), room)
    }
  }

  /// Memory of a call: what all threads read, and what is one's own.
  struct Room {
    let shared: UnsafeMutablePointer<Float>
    let worker: UnsafeMutablePointer<Float>
  }

  private func run(
    _ program: FormulaProgram, _ count: Int, _ linear: FormulaOperands, _ room: Room
  ) {
    program.run(
      Kernels.table, count: count, first: 0, linear: linear, shared: room.shared, worker: room.worker, period: 1,
      partials: nil)
  }
}
