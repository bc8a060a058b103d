import Glibc
import TensorRuntime

/// Whether training plans give up activations after the forward pass and make them again for the backward pass.
public enum Recomputation: String, Hashable, Sendable {
  case on
  case off

  /// On, unless the environment variable `SERSPEC_RECOMPUTE` is `off`.
  public static let standard: Recomputation =
    getenv("SERSPEC_RECOMPUTE").flatMap { Recomputation(rawValue: String(cString: $0)) } ?? .on
}

/// Which outputs of a program are made again rather than kept.
///
/// An output is given up where
/// - its operation can make it again in one pass (`Recomputable`), reading at most two tensors of its size to save one,
/// - something in the backward pass reads it, and
/// - the operation's inputs are still there by then, because the backward pass reads them at the same time or later, or
///   can be made again themselves. Such chains are at most `depth` long: all of a chain is in memory at once when
///   its last tensor is made.
///
/// Each output is made again at most once a step, right before its first reader in the backward pass, and stays from then
/// on to its last. That costs a step one more pass over what is given up, about a tenth of what the operations themselves
/// read and write.
struct RecomputationChoice {
  /// The longest chain of outputs that are made again from each other; of such a chain every fourth is kept.
  static let depth = 3
  /// Floats below which nothing is worth giving up.
  static let smallest = 1 << 16

  /// For each tensor the step of the backward pass before which it is made again; nil where it is kept.
  private(set) var steps: [Int?]

  /// Keeps everything.
  init(nothingOf program: Program) { steps = Array(repeating: nil, count: program.tensors.count) }

  /// - Parameter hasBackward: for each operation whether it is part of the backward pass.
  init(_ program: Program, hasBackward: [Bool]) {
    self.init(nothingOf: program)
    let count = program.operations.count
    let reads = BackwardReads(program, hasBackward: hasBackward)
    var depths = Array(repeating: 0, count: program.tensors.count)
    var makers: [Int] = []
    for (index, lowered) in program.operations.enumerated() where hasBackward[index] {
      let tensor = lowered.output
      guard let operation = lowered.operation as? any Recomputable, operation.isCheapToRecompute,
        let needed = reads.first[tensor], tensor != program.output,
        program.tensors[tensor].shape.count >= Self.smallest,
        // Otherwise it is not away for long enough to make room for anything.
        needed > count + 2,
        lowered.inputs.allSatisfy({ (reads.last[$0] ?? 0) >= needed })
      else { continue }
      let depth = 1 + (lowered.inputs.map { depths[$0] }.max() ?? 0)
      guard depth <= Self.depth else { continue }
      depths[tensor] = depth
      steps[tensor] = needed
      makers.append(index)
    }
    // What others are made from is made before them.
    for maker in makers.reversed() {
      let lowered = program.operations[maker]
      guard let needed = steps[lowered.output] else { continue }
      for input in lowered.inputs { steps[input] = steps[input].map { min($0, needed) } }
    }
  }
}

/// The steps of the backward pass that read each tensor's values: of n operations, the one number i runs backward at step
/// 2 n - i.
private struct BackwardReads {
  private(set) var first: [Int?]
  private(set) var last: [Int?]

  init(_ program: Program, hasBackward: [Bool]) {
    first = Array(repeating: nil, count: program.tensors.count)
    last = first
    for (index, lowered) in program.operations.enumerated().reversed() where hasBackward[index] {
      let step = 2 * program.operations.count - index
      func read(_ tensor: Int) {
        first[tensor] = first[tensor] ?? step
        last[tensor] = step
      }
      if lowered.operation.gradientReads.contains(.output) { read(lowered.output) }
      for (number, input) in lowered.inputs.enumerated() where lowered.operation.gradientReadsInput(number) {
        read(input)
      }
    }
  }
}
