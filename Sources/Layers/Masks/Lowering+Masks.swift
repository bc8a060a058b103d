import TensorRuntime

extension Lowering {
  /// `value` with zeros behind the end of every clip; itself where there is no mask, or zeros stand there already.
  mutating func zeroPadded(_ value: Value, _ mask: TimeMask?) -> Value {
    guard let mask, !isZeroPadded(value) else { return value }
    let filled = fill(value, with: 0, mask)
    padsWithZeros(filled)
    return filled
  }

  /// Channels-last `value` with `number` behind the end of every clip.
  mutating func fill(_ value: Value, with number: Float, _ mask: TimeMask) -> Value {
    apply(
      MaskFill(
        batch: value.batch, channels: value.channels, spatial: value.spatial, lengths: mask.lengths, value: number),
      to: [value, lengths(of: mask)])
  }

  /// The mean of each channel over the positions of a clip: [N, C].
  mutating func mean(_ value: Value, _ mask: TimeMask) -> Value {
    apply(
      MaskedMean(batch: value.batch, channels: value.channels, spatial: value.spatial, lengths: mask.lengths),
      to: [value, lengths(of: mask)])
  }

  /// `norm` of `value` over the positions of a clip, or over all where there is no mask.
  mutating func apply(_ norm: GroupNorm, to value: Value, _ mask: TimeMask?) -> Value {
    guard let mask else { return apply(norm, to: [value]) }
    let output = apply(MaskedGroupNorm(norm, lengths: mask.lengths), to: [value, lengths(of: mask)])
    padsWithZeros(output)
    return output
  }
}

extension MaskFill {
  /// Less than any value, yet finite: gradients of what reads it stay numbers.
  static let lowest = -Float.greatestFiniteMagnitude
}
