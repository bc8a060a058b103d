import Audio
import Diagnostics
import Foundation

/// What is odd about clips that can be decoded: each by itself, and beside the others.
struct ClipChecks {
  let clips: [ClipReference]
  let measurements: [ClipMeasurement?]
  /// The fewest samples behind the audio chain.
  let minimumSamples: Int
  let fixedSamples: Int?
  let preparedRate: Int
  /// How bad a clip is that a run cannot use.
  let badClip: Severity

  var findings: [InspectionFinding] { sound() + formats() + lengths() + duplicates() }

  private var measured: [(clip: ClipReference, sound: ClipMeasurement)] {
    zip(clips, measurements).compactMap { clip, sound in sound.map { (clip, $0) } }
  }

  private func sound() -> [InspectionFinding] {
    var findings: [InspectionFinding] = []
    for (clip, sound) in measured {
      let name = clip.relativePath
      if sound.preparedSamples < minimumSamples {
        let summary = "\(sound.preparedSamples) samples at \(preparedRate) Hz, the features need \(minimumSamples)"
        findings.append(InspectionFinding(.tooShort, name, summary, severity: badClip, id: "data.clip_too_short"))
      }
      if sound.clippedShare >= InspectionLimits.clippedShare {
        findings.append(
          InspectionFinding(.clipped, name, "\(Self.percent(sound.clippedShare)) of the samples at full scale"))
      }
      if sound.level < InspectionLimits.quietLevel {
        findings.append(InspectionFinding(.quiet, name, String(format: "RMS level %.1f dB of full scale", sound.level)))
      }
      if abs(sound.offset) > InspectionLimits.offset {
        findings.append(InspectionFinding(.offset, name, String(format: "mean %+.3f of full scale", sound.offset)))
      }
    }
    return findings
  }

  /// Rate, bits and channels, each against what most of the clips have.
  private func formats() -> [InspectionFinding] {
    let files = measured
    func most<Value: Hashable & Comparable>(_ value: (ClipMeasurement) -> Value?) -> (value: Value, count: Int)? {
      let counts = files.compactMap { value($0.sound) }.reduce(into: [Value: Int]()) { $0[$1, default: 0] += 1 }
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { ($0.key, $0.value) }
    }
    let rate = most { $0.rate }
    let channels = most { $0.channels }
    let bits = most { $0.format?.bits }
    return files.compactMap { clip, sound in
      var odd: [String] = []
      func compare(_ found: Int?, _ most: (value: Int, count: Int)?, _ unit: String) {
        guard let found, let most, found != most.value else { return }
        odd.append("\(found) \(unit), \(most.count) of \(files.count) clips have \(most.value)")
      }
      compare(sound.rate, rate, "Hz")
      compare(sound.format?.bits, bits, "bits")
      compare(sound.channels, channels, sound.channels == 1 ? "channel" : "channels")
      return odd.isEmpty
        ? nil : InspectionFinding(.oddFormat, clip.relativePath, odd.joined(separator: "; "))
    }
  }

  /// Durations against those of the corpus, and against the length that every clip gets.
  private func lengths() -> [InspectionFinding] {
    let files = measured
    let sorted = files.map(\.sound.seconds).sorted()
    guard let first = Quantiles.value(0.25, sorted), let median = Quantiles.value(0.5, sorted),
      let third = Quantiles.value(0.75, sorted)
    else { return [] }
    let room = InspectionLimits.fences * (third - first)
    return files.compactMap { clip, sound in
      let length = String(format: "%.2f s", sound.seconds)
      let usual = String(format: "half of the clips have %.2f to %.2f s", first, third)
      if sound.seconds < min(first - room, median / 2) {
        return InspectionFinding(.short, clip.relativePath, "\(length); \(usual)")
      }
      if sound.seconds > max(third + room, median * 2) {
        return InspectionFinding(.long, clip.relativePath, "\(length); \(usual)")
      }
      guard let fixedSamples, sound.preparedSamples > 0 else { return nil }
      let (prepared, fixed) = (Double(sound.preparedSamples), Double(fixedSamples))
      let policy = String(format: "%.2f s", fixed / Double(preparedRate))
      if 1 - fixed / prepared > InspectionLimits.cutShare {
        let share = Self.percent(1 - fixed / prepared)
        return InspectionFinding(
          .long, clip.relativePath, "\(length); the fixed length of \(policy) cuts \(share) of it")
      }
      if prepared / fixed < InspectionLimits.filledShare {
        let share = Self.percent(prepared / fixed)
        return InspectionFinding(
          .short, clip.relativePath, "\(length); it fills \(share) of the fixed length of \(policy)")
      }
      return nil
    }
  }

  /// One finding for each set of clips with the same samples, under the name of the first.
  private func duplicates() -> [InspectionFinding] {
    var groups: [String: [Int]] = [:]
    for (index, sound) in measurements.enumerated() {
      if let sound { groups[sound.digest, default: []].append(index) }
    }
    return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { group in
      let labels = Set(group.map { clips[$0].classIndex })
      let names = group.map { clips[$0].relativePath }
      let others = Array(names.dropFirst())
      let text = others.joined(separator: ", ")
      if labels.count == 1 { return InspectionFinding(.duplicate, names[0], "as in \(text)", others: others) }
      let codes = group.map { "\(clips[$0].label)" }.joined(separator: ", ")
      return InspectionFinding(.duplicateLabel, names[0], "as in \(text); labels \(codes)", others: others)
    }
  }

  static func percent(_ share: Double) -> String {
    String(format: share < 0.0995 ? "%.1f%%" : "%.0f%%", share * 100)
  }
}
