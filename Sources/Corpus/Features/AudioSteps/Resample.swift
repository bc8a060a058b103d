import Audio
import Spec

/// `resample`: changes the sampling rate.
struct Resample: AudioStep {
  static let kind = Kind(
    "resample", summary: "Changes the sampling rate by band-limited interpolation, as torchaudio's Resample does.",
    formula: """
      y[k] = sum over i of x[i] h(i / from - k / rate), with h a sinc of cut-off 0.99 of the lower half rate under a Hann window
      of 6 zero crossings a side. [channels, n] -> [channels, ceil(n rate / from)]. A clip that has the rate already is not touched.
      """,
    example: "audio: [resample: {rate: 16000}]",
    table: FieldTable(
      [Field("rate", .integer(min: 1000, max: 384_000), doc: "Samples a second behind the step.")], primary: "rate"))

  private let rate: Int

  init(_ step: Step) { rate = step.values.integer("rate") }

  func output(of format: SignalFormat) -> SignalFormat { SignalFormat(rate: rate, isMono: format.isMono) }

  func apply(to clip: inout Clip) {
    guard clip.rate != rate else { return }
    let resampler = Resampler.between(clip.rate, rate)
    clip = Clip(channels: clip.channels.map { resampler.apply($0) }, rate: rate)
  }
}
