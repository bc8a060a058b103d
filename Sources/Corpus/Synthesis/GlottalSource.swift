/// The voice: the derivative of the air flow through the vocal folds, pulse by pulse.
///
/// While the folds are open, from 0 to t_e = open quotient * period, the flow is t^2 - t^3 with t in units of t_e (the KLGLOTT88
/// pulse of Klatt & Klatt 1990, JASA 87); its derivative 2t - 3t^2 ends in a step from -1 to 0 where they close. The step
/// falls between samples: it is rounded by two samples of a polynomial (polyBLEP, Välimäki & Huovilainen 2007), which
/// keeps its overtones above the Nyquist frequency from folding back.
struct GlottalSource {
  private let openQuotient: Float
  private let jitter: Float
  private let shimmer: Float
  /// Samples since the pulse began.
  private var time: Float = 0
  private var period: Float
  private var openTime: Float
  private var amplitude: Float = 1

  /// - Parameters:
  ///   - period: of the first pulse, in samples.
  ///   - jitter: deviation of the periods, as a share.
  ///   - shimmer: deviation of the amplitudes, as a share.
  init(period: Float, openQuotient: Float, jitter: Float, shimmer: Float) {
    self.openQuotient = openQuotient
    self.jitter = jitter
    self.shimmer = shimmer
    self.period = period
    openTime = openQuotient * period
  }

  /// The next sample, and how far the folds are open (0 to 1), which breath noise follows. `period` is of a pulse that
  /// begins now, in samples.
  mutating func next(period newPeriod: Float, _ random: inout SeededRandom) -> (flow: Float, opening: Float) {
    if time >= period {
      time -= period
      period = newPeriod * max(0.5, 1 + jitter * random.normal())
      openTime = openQuotient * period
      amplitude = max(0.2, 1 + shimmer * random.normal())
    }
    var flow: Float = 0
    var opening: Float = 0
    if time < openTime {
      let part = time / openTime
      flow = part * (2 - 3 * part)
      opening = part * part * (1 - part) * 6.75
    }
    let fromStep = time - openTime
    if fromStep >= -1, fromStep < 0 {
      flow += 0.5 * (fromStep + 1) * (fromStep + 1)
    } else if fromStep >= 0, fromStep < 1 {
      flow -= 0.5 * (1 - fromStep) * (1 - fromStep)
    }
    time += 1
    return (flow * amplitude, opening)
  }
}
