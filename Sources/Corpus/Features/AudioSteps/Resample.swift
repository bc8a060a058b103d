import Audio
import Spec

/// `resample`: changes the sampling rate.
struct Resample: AudioStep {
  static let kind = Kind(
    "resample", summary: "Changes the sampling rate by band-limited interpolation, as torchaudio's Resample does.",
    formula: """
      y[k] = sum over i of x[i] h(i / from - k / rate), with h a sinc of cut-off rolloff times the lower half rate under a window of
      lowpass_filter_width zero crossings a side. [channels, n] -> [channels, ceil(n rate / from)]. A clip that has the rate already
      is not touched.
      """,
    example: "audio: [resample: {rate: 16000}]",
    table: FieldTable(
      [
        Field("rate", .integer(min: 1000, max: 384_000), doc: "Samples a second behind the step."),
        Field(
          "lowpass_filter_width", .integer(min: 1, max: 1024), default: .value(.integer(6)),
          doc: "Zero crossings of the sinc on each side: more make the filter steeper, and slower."),
        Field(
          "rolloff", .number(min: 0, max: 1, exclusiveMin: true), default: .value(.number(0.99)),
          doc: "The cut-off frequency as a share of half the lower rate."),
        Field(
          "resampling_method", .choice(["sinc_interp_hann", "sinc_interp_kaiser"]),
          default: .value(.string("sinc_interp_hann")), doc: "The window of the sinc: Hann's or Kaiser's."),
        Field(
          "beta", .number(min: 0, max: 200), default: .value(.number(Resampler.Filter.standardBeta)),
          doc: "The shape of Kaiser's window; Hann's has none."),
      ], primary: "rate"))

  private let rate: Int
  private let filter: Resampler.Filter

  init(_ step: Step) {
    let values = step.values
    rate = values.integer("rate")
    filter = Resampler.Filter(
      width: values.integer("lowpass_filter_width"), rolloff: values.number("rolloff"),
      window: values.string("resampling_method") == "sinc_interp_kaiser"
        ? .kaiser(beta: values.number("beta")) : .hann)
  }

  func output(of format: SignalFormat) -> SignalFormat { SignalFormat(rate: rate, isMono: format.isMono) }

  func apply(to clip: inout Clip) {
    guard clip.rate != rate else { return }
    let resampler = Resampler.between(clip.rate, rate, filter: filter)
    clip = Clip(channels: clip.channels.map { resampler.apply($0) }, rate: rate)
  }
}
