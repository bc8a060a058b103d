/// From where on `doctor` calls a clip odd.
public enum InspectionLimits {
  /// A sample is at full scale from this share of the largest value on.
  public static let fullScale: Float = 1 - 0x1p-12
  /// So many samples at full scale one behind the other are a run; fewer are a peak that just reaches it.
  public static let clippedRun = 3
  /// A clip is clipped if this share of its samples lies in such runs.
  public static let clippedShare = 0.001
  /// A clip is nearly silent if its RMS level is below this, in dB relative to full scale.
  public static let quietLevel = -70.0
  /// The mean of a channel may lie so far from zero, as a share of full scale.
  public static let offset = 0.02
  /// A clip is short if it lies more than this many interquartile ranges below the quartiles of the corpus and is shorter than
  /// half of the median; long the other way round (Tukey 1977, "Exploratory Data Analysis": outside values).
  public static let fences = 1.5
  /// A fixed length should not cut more than this share of a clip.
  public static let cutShare = 0.5
  /// A clip should fill at least this share of a fixed length.
  public static let filledShare = 0.25
}
