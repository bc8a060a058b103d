import Audio
import Diagnostics
import Spec

/// `stack`: several features one below the other.
struct Stack: FeatureStep {
  static let kind = Kind(
    "stack", summary: "Puts the rows of several features one below the other.",
    formula: "[r1, T], [r2, T], ... -> [r1 + r2 + ..., T]: all must have the same hop, and so the same frames.",
    example: "- stack: {features: [zero_crossing_rate: {hop_length: 160}, rms: {hop_length: 160}]}",
    table: FieldTable(
      [Field("features", .steps(.featureStep), doc: "The features, each computed from what `stack` is given.")],
      primary: "features"))

  private let members: [any FeatureStep]
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    let steps = step.values.steps("features")
    var findings: [Diagnostic] = []
    var members: [any FeatureStep] = []
    for member in steps {
      do {
        members.append(try FeatureCatalog.featureStep(member, input: input, rate: rate))
      } catch let failure as DiagnosticFailure {
        findings += failure.diagnostics
      }
    }
    if !findings.isEmpty { throw DiagnosticFailure(findings) }
    self.members = members
    output = try Self.stacked(zip(steps, members).map { ($0, $1.output) }, at: step)
  }

  var minimumSamples: Int { members.map(\.minimumSamples).max() ?? 1 }

  var silenceMargin: Int? {
    let margins = members.compactMap(\.silenceMargin)
    return margins.count == members.count ? margins.max() : nil
  }

  func apply(_ input: FeatureValue, of analysis: WaveformAnalysis) -> FeatureValue {
    let matrices = members.compactMap { member -> FeatureMatrix? in
      guard case .matrix(let matrix) = member.apply(input, of: analysis) else { return nil }
      return matrix
    }
    return .matrix(.stacked(matrices))
  }

  /// The type of all rows together. Throws where there are none, or not over the same frames.
  private static func stacked(_ parts: [(step: Step, type: FeatureType)], at step: Step) throws -> FeatureType {
    var sum: (rows: Int, count: FrameCount, isPower: Bool)?
    for (member, type) in parts {
      guard case .frames(let rows, let count, let isPower) = type else {
        throw DiagnosticFailure([
          Diagnostic(
            "feature.stack_mismatch", .error,
            "\(member.kind.value) gives \(type.description): it has no frames to stack",
            detail: "Features in a stack are [rows, T]. Move the step behind the stack.", at: member.span)
        ])
      }
      if let sum, let first = parts.first, sum.count != count {
        throw DiagnosticFailure([
          Diagnostic(
            "feature.stack_mismatch", .error,
            "\(member.kind.value) has other frames than \(first.step.kind.value): hops of \(count.hop) and \(sum.count.hop) samples",
            detail: """
              Features in a stack must have the same number of frames for every clip: give them the same hop_length, \
              and frames all of even or all of odd length.
              """, at: member.span, notes: [DiagnosticNote("the first feature of the stack", at: first.step.span)])
        ])
      }
      sum = (rows + (sum?.rows ?? 0), count, isPower && sum?.isPower ?? true)
    }
    guard let sum else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.empty", .error, "the stack has no features", detail: "Name at least one feature.", at: step.span)
      ])
    }
    return .frames(rows: sum.rows, sum.count, isPower: sum.isPower)
  }
}
