import Glibc

/// A convolution of many narrow groups as one of fewer, wider ones, whose kernels are zero between channels that do not
/// mix: matrix products too narrow for a vector cost more than products with zeros.
struct MergedGroups: Sendable {
  /// The geometry with the wider groups.
  let merged: ConvolutionGeometry
  private let geometry: ConvolutionGeometry
  /// Groups that become one.
  private let factor: Int

  /// Channels that a group is widened to at most, and below which it is.
  private static let width = (target: 32, narrow: 16)

  /// nil where the groups are wide enough, or cannot be merged.
  init?(_ geometry: ConvolutionGeometry) {
    let channels = max(geometry.groupInChannels, geometry.groupOutChannels)
    guard geometry.groups > 1, geometry.groupInChannels < Self.width.narrow else { return nil }
    let factors = (2...geometry.groups).filter { geometry.groups % $0 == 0 && $0 * channels <= Self.width.target }
    guard let factor = factors.last else { return nil }
    self.geometry = geometry
    self.factor = factor
    var merged = geometry
    merged.groups /= factor
    self.merged = merged
  }

  /// Floats of the wider kernel.
  var weights: Int { merged.outChannels * merged.patch }

  /// Writes the wider kernel, [out, position, merged group's channels], of [out, position, group's channels].
  func expand(_ weight: UnsafePointer<Float>, into wide: UnsafeMutablePointer<Float>) {
    wide.update(repeating: 0, count: weights)
    eachRun { narrow, place, count in
      memcpy(wide + place, weight + narrow, count * MemoryLayout<Float>.stride)
    }
  }

  /// Takes the kernel's gradient out of that of the wider kernel.
  func extract(_ wide: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>) {
    eachRun { narrow, place, count in
      memcpy(gradient + narrow, wide + place, count * MemoryLayout<Float>.stride)
    }
  }

  /// Calls `body` with the places, in both kernels, of the weights of one output channel and position.
  private func eachRun(_ body: (_ narrow: Int, _ wide: Int, _ count: Int) -> Void) {
    let count = geometry.groupInChannels
    for out in 0..<geometry.outChannels {
      let first = out / geometry.groupOutChannels % factor * count
      for position in 0..<geometry.kernelArea {
        let row = out * geometry.kernelArea + position
        body(row * count, row * count * factor + first, count)
      }
    }
  }
}
