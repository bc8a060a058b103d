import Audio
import Spec

/// `vad`: drops what is not speech.
struct VoiceActivity: AudioStep {
  static let kind = Kind(
    "vad", summary: "Drops what is not speech, within the clip too, and joins what is left.",
    formula: """
      none: nothing is dropped. energy: kept are frames whose level is above the loudest frame's - top_db (librosa.effects.split).
      statistical: kept are frames where G / (1 + G) > threshold, with G[t] = (a01 + (1 - a10) G[t-1]) / ((1 - a01) + a10 G[t-1]) L[t] and
      the likelihood ratio L of speech in noise against noise over the bins of the DFT (Sohn, Kim, Sung 1999); a01 = hop / pause_seconds,
      a10 = hop / speech_seconds. [channels, n] -> [channels, m], m <= n. A clip in which no speech is found is kept whole.
      """,
    example: "audio: [resample: 16000, mono, vad: {method: statistical}]",
    table: FieldTable(
      [
        Field(
          "method", .choice(["none", "energy", "statistical"]),
          doc:
            "How speech is told from the rest. `none` switches the step off, as a parameter can: {method: \"${vad}\"}."),
        Field(
          "top_db", .number(min: 0), default: .value(.number(60)),
          doc: "For energy: frames this many decibels below the loudest one, or more, are dropped."),
        Field(
          "threshold", .number(min: 0, max: 1), default: .value(.number(0.7)),
          doc: "For statistical: the probability of speech above which a frame is kept."),
        Field(
          "noise_seconds", .number(min: 0, max: 60, exclusiveMin: true), default: .value(.number(0.1)),
          doc:
            "For statistical: the start of the clip that is taken for noise. The estimate then moves with what is not speech."
        ),
        Field(
          "speech_seconds", .number(min: 0, max: 60, exclusiveMin: true), default: .value(.number(0.1)),
          doc:
            "For statistical: the mean duration of speech between pauses. Longer ones keep more behind each word (hang-over)."
        ),
        Field(
          "pause_seconds", .number(min: 0, max: 60, exclusiveMin: true), default: .value(.number(0.05)),
          doc: "For statistical: the mean duration of a pause."),
        Field(
          "frame_length", .optional(.integer(min: 2, max: 1 << 20)), default: .value(.none),
          doc: "Samples a frame; ~ is 2048 for energy, as in librosa, and 20 ms for statistical."),
        Field(
          "hop_length", .optional(.integer(min: 1, max: 1 << 20)), default: .value(.none),
          doc: "Samples from one frame to the next; ~ is 512 for energy, as in librosa, and 10 ms for statistical."),
      ], primary: "method"))

  private enum Method {
    case none
    case energy(EnergyActivity)
    case statistical(StatisticalActivity)
  }

  private let method: Method

  init(_ step: Step) {
    let values = step.values
    let (length, hop) = (values.optionalInteger("frame_length"), values.optionalInteger("hop_length"))
    switch values.string("method") {
    case "energy":
      method = .energy(
        EnergyActivity(topDecibels: values.number("top_db"), length: length ?? 2048, hop: hop ?? 512))
    case "statistical":
      method = .statistical(
        StatisticalActivity(
          threshold: values.number("threshold"), noise: values.number("noise_seconds"),
          speech: values.number("speech_seconds"), pause: values.number("pause_seconds"), length: length, hop: hop))
    default: method = .none
    }
  }

  func output(of format: SignalFormat) -> SignalFormat { format }

  func apply(to clip: inout Clip) {
    let kept: [Range<Int>] =
      switch method {
      case .none: []
      case .energy(let activity): activity.split(clip.channels)
      case .statistical(let activity): activity.intervals(clip.channels, rate: clip.rate)
      }
    if !kept.isEmpty, kept != [0..<clip.frames] { clip = clip.keeping(kept) }
  }
}
