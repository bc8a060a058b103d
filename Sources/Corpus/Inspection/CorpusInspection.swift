import Audio
import Diagnostics
import Spec
import Synchronization

/// All clips of a corpus looked at one by one, with what is odd about them. Holds a few numbers a clip, so that memory does not grow
/// with the sound.
public struct CorpusInspection: Sendable {
  public let clips: [ClipReference]
  /// One for each clip; nil where it cannot be decoded.
  public let measurements: [ClipMeasurement?]
  /// By check, in the order of `InspectionCheck`; within one, in the corpus's order.
  public let findings: [InspectionFinding]
  /// The length that every clip gets in seconds; nil where the length policy leaves it open.
  public let fixedSeconds: Double?
  /// Samples a second behind the audio chain.
  public let preparedRate: Int

  /// Decodes `clips` of `spec`'s corpus on `threads` threads and runs them through the audio chain.
  ///
  /// - Parameters:
  ///   - leftOut: files that the scan passed over.
  ///   - progress: told how many clips are done, from any thread.
  /// - Throws: `DiagnosticFailure` where the audio part of the spec does not fit together. What is wrong with clips is not thrown.
  public init(
    _ spec: ExperimentSpec, clips: [ClipReference], leftOut: [LeftOutFile] = [], threads: Int,
    progress: (@Sendable (_ done: Int) -> Void)? = nil
  ) throws {
    let pipeline = try FeaturePipeline(spec)
    let sounds = try ClipSounds(corpus: spec.corpus, clips: clips)
    let results = Mutex<[Result<ClipMeasurement, DiagnosticFailure>?]>(Array(repeating: nil, count: clips.count))
    let done = Mutex(0)
    concurrently(clips.count, threads: threads) { index in
      let result = Result { try Self.measure(clips[index], pipeline, sounds) }.mapError { error in
        error as? DiagnosticFailure
          ?? DiagnosticFailure(Diagnostic("data.audio_unreadable", "\(clips[index].path): \(error)"))
      }
      results.withLock { $0[index] = result }
      done.withLock {
        $0 += 1
        progress?($0)
      }
    }
    self.clips = clips
    let outcomes = results.withLock { $0 }
    measurements = outcomes.map { try? $0?.get() }
    fixedSeconds = pipeline.fixedSamples.map { Double($0) / Double(pipeline.rate) }
    preparedRate = pipeline.rate
    let badClip: Severity = spec.onBadClip == .error ? .error : .warning
    var findings = zip(clips, outcomes).compactMap { clip, outcome in
      Self.failure(clip, outcome, severity: badClip)
    }
    findings += leftOut.map(Self.finding)
    let checks = ClipChecks(
      clips: clips, measurements: measurements,
      minimumSamples: pipeline.fixedSamples == nil ? pipeline.minimumSamples : 1,
      fixedSamples: pipeline.fixedSamples, preparedRate: pipeline.rate, badClip: badClip)
    findings += checks.findings
    let byCheck = Dictionary(grouping: findings, by: \.check)
    self.findings = InspectionCheck.allCases.flatMap { byCheck[$0] ?? [] }
  }

  /// The clips that a run could not use, by index.
  public var unusable: Set<Int> {
    let names = Set(findings.filter { Self.unusableChecks.contains($0.check) }.map(\.file))
    return Set(clips.indices.filter { names.contains(clips[$0].relativePath) })
  }

  private static let unusableChecks: Set<InspectionCheck> = [.unreadable, .truncated, .silent, .tooShort]

  private static func measure(
    _ clip: ClipReference, _ pipeline: FeaturePipeline, _ sounds: ClipSounds
  ) throws -> ClipMeasurement {
    let (sound, format) = try sounds.load(clip)
    var measurement = ClipMeasurement(sound, format: format)
    measurement.preparedSamples = pipeline.prepare(sound).count
    return measurement
  }

  /// What is wrong with a clip that could not be measured.
  private static func failure(
    _ clip: ClipReference, _ outcome: Result<ClipMeasurement, DiagnosticFailure>?, severity: Severity
  ) -> InspectionFinding? {
    guard case .failure(let failure) = outcome, let finding = failure.diagnostics.first else { return nil }
    let check: InspectionCheck =
      switch finding.id {
      case "data.audio_silent": .silent
      case "data.audio_truncated": .truncated
      case "data.audio_too_short": .tooShort
      default: .unreadable
      }
    // The message begins with the path.
    let start = "\(clip.path): "
    let summary = finding.summary.hasPrefix(start) ? String(finding.summary.dropFirst(start.count)) : finding.summary
    return InspectionFinding(check, clip.relativePath, summary, severity: severity, id: finding.id)
  }

  private static func finding(_ file: LeftOutFile) -> InspectionFinding {
    switch file.reason {
    case .unmatched: InspectionFinding(.nameUnmatched, file.path, "the name does not match the corpus's pattern")
    case .notUTF8: InspectionFinding(.nameUnmatched, file.path, "the name is not UTF-8")
    case .unknownClass(let code): InspectionFinding(.classUnknown, file.path, "class '\(code)'")
    }
  }
}
