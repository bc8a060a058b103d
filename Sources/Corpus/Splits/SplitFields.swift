import Diagnostics
import Spec

/// Fields that several policies have. They mean the same in each, so that `--set split.policy=group` takes them along.
enum SplitFields {
  private static let sizeType = FieldType.either([.integer(min: 1), .number(min: 0, max: 1, exclusiveMin: true)])

  static let test = Field("test", sizeType, doc: "Share of all clips that is tested, below 1; or a number of clips.")
  static let val = Field(
    "val", sizeType, doc: "Share of the other clips that chooses the checkpoint, below 1; or a number of clips.")
  static let seed = Field(
    "seed", .integer(min: 0, max: Int(UInt32.max)), default: .value(.integer(42)),
    doc: "Seed of the draw: scikit-learn's random_state.")
  static let speakersShared = Field(
    "speakers_shared", .boolean, default: .value(.boolean(false)),
    doc: "Says that speakers are meant to stand on both sides of the split, so that nobody need be warned.")

  /// The seed of `step`, which its table keeps within 32 bits.
  static func seed(of step: Step) -> UInt32 { UInt32(truncatingIfNeeded: step.values.integer(seed.name)) }
}

/// The size of a set, as a share of the clips or as their number.
enum SetSize: CustomStringConvertible {
  case share(Double)
  case clips(Int)

  /// The size that the field `name` of `step` gives. Throws a `DiagnosticFailure` (`split.size`) where it leaves nothing.
  init(_ name: String, of step: Step) throws {
    switch step.values[name].content {
    case .integer(let count): self = .clips(count)
    case .number(let share):
      guard share > 0, share < 1 else {
        throw DiagnosticFailure([
          Diagnostic(
            "split.size", .error, "`\(name)` leaves nothing for the other sets",
            detail:
              "A share lies above 0 and below 1, such as 0.3; a whole number is a number of clips. Found \(share).",
            at: step.values[name].writtenSpan ?? step.span)
        ])
      }
      self = .share(share)
    default: preconditionFailure("a set's size is decoded as a number")
    }
  }

  /// Shares are rounded up, as scikit-learn does.
  func count(of total: Int) -> Int {
    switch self {
    case .share(let share): Int((share * Double(total)).rounded(.up))
    case .clips(let count): count
    }
  }

  var description: String {
    switch self {
    case .share(let share): "\(share)"
    case .clips(let count): "\(count)"
    }
  }
}

/// Reads several parts of a step and throws the mistakes of all of them in one go.
struct StepReading {
  private var problems: [Diagnostic] = []

  mutating func read<Value>(_ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch let failure as DiagnosticFailure {
      problems += failure.diagnostics
    } catch {
      problems.append(Diagnostic("split.policy", .error, "\(error)"))
    }
    return nil
  }

  /// The error that tells what went wrong so far.
  var failure: DiagnosticFailure { DiagnosticFailure(problems) }
}

/// The fields `test`, `val` and `seed` of a step.
struct SizedDraw {
  let test: SetSize
  let val: SetSize
  let seed: UInt32
  let span: SourceSpan

  /// Throws a `DiagnosticFailure` (`split.size`) with every size that leaves nothing.
  init(_ step: Step) throws {
    var reading = StepReading()
    let test = reading.read { try SetSize("test", of: step) }
    let val = reading.read { try SetSize("val", of: step) }
    guard let test, let val else { throw reading.failure }
    self.test = test
    self.val = val
    seed = SplitFields.seed(of: step)
    span = step.span
  }
}
