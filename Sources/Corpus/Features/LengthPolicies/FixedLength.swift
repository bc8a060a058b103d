import Spec

/// `fixed`: one length for every clip.
struct FixedLength: LengthPolicy {
  static let kind = Kind(
    "fixed", summary: "Gives every clip the same length: padded where it is shorter, cut where it is longer.",
    formula: """
      n = round(seconds rate). Modes are numpy.pad's: constant is zeros; edge repeats the first or last sample; reflect
      mirrors the clip without doubling its ends; wrap repeats the clip. What is odd goes to the end.
      """, example: "length: {policy: fixed, seconds: 3}",
    table: FieldTable([
      Field(
        "seconds", .number(min: 0, max: 3600, exclusiveMin: true),
        doc: "The length of every clip in seconds, measured behind the audio chain."),
      Field(
        "pad", .choice(Side.allCases.map(\.rawValue)), default: .value(.string(Side.end.rawValue)),
        doc: "Where a shorter clip is padded."),
      Field(
        "cut", .choice(Side.allCases.map(\.rawValue)), default: .value(.string(Side.end.rawValue)),
        doc: "Where a longer clip is cut; `both` keeps its middle."),
      Field(
        "mode", .choice(Mode.allCases.map(\.rawValue)), default: .value(.string(Mode.constant.rawValue)),
        doc: "What a shorter clip is padded with."),
    ]))

  /// An end of the clip.
  private enum Side: String, CaseIterable {
    case end, start, both

    /// How many of `count` samples lie before the clip.
    func before(_ count: Int) -> Int {
      switch self {
      case .end: 0
      case .start: count
      case .both: count / 2
      }
    }
  }

  /// What is outside of the clip, as numpy.pad has it.
  private enum Mode: String, CaseIterable {
    case constant, edge, reflect, wrap

    /// The index into `count` samples that position `i` outside of them shows; nil for zero.
    func source(_ i: Int, count: Int) -> Int? {
      func modulo(_ n: Int) -> Int { ((i % n) + n) % n }
      switch self {
      case _ where count == 0, .constant: return nil
      case .edge: return max(0, min(count - 1, i))
      case .wrap: return modulo(count)
      case .reflect:
        if count == 1 { return 0 }
        let place = modulo(2 * count - 2)
        return place < count ? place : 2 * count - 2 - place
      }
    }
  }

  private let seconds: Double
  private let pad: Side
  private let cut: Side
  private let mode: Mode

  init(_ step: Step) {
    seconds = step.values.number("seconds")
    pad = Side(rawValue: step.values.string("pad")) ?? .end
    cut = Side(rawValue: step.values.string("cut")) ?? .end
    mode = Mode(rawValue: step.values.string("mode")) ?? .constant
  }

  func constant(rate: Int) -> Int? { max(1, Int((seconds * Double(rate)).rounded())) }

  func length(of waveforms: [Int], rate: Int) -> Int { constant(rate: rate) ?? 1 }

  func fit(_ waveform: consuming [Float], to count: Int) -> [Float] {
    let surplus = waveform.count - count
    if surplus >= 0 {
      let start = cut.before(surplus)
      if start > 0 { return Array(waveform[start..<start + count]) }
      waveform.removeLast(surplus)
      return waveform
    }
    let (before, mode, source) = (pad.before(-surplus), mode, waveform)
    return [Float](unsafeUninitializedCapacity: count) { fitted, filled in
      _ = fitted[before...].initialize(from: source)
      for place in [0..<before, before + source.count..<count].joined() {
        fitted.initializeElement(
          at: place, to: mode.source(place - before, count: source.count).map { source[$0] } ?? 0)
      }
      filled = count
    }
  }
}
