import CSndfile
import Foundation

/// Reads the samples of FLAC files with libsndfile.
enum FLACSamples {
  /// All samples, one channel beside the other in time.
  static func interleaved(_ descriptor: Int32, _ header: AudioHeader, size: Int) throws(AudioProblem) -> [Float] {
    let channels = header.format.channels
    var info = SF_INFO()
    // libsndfile takes what begins at the descriptor's place for the file; it starts behind a tag.
    guard lseek(descriptor, off_t(header.offset), SEEK_SET) >= 0,
      let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 0)
    else {
      throw .damagedHeader(String(cString: sf_strerror(nil)))
    }
    defer { sf_close(file) }
    guard Int(info.channels) == channels, Int(info.samplerate) == header.format.rate else {
      throw .damagedHeader(
        "it announces \(channels) channels and \(header.format.rate) Hz, but cannot be read so")
    }
    // A header may announce any length. Most speech takes a byte a sample; what is longer than that is not believed until it is there.
    var capacity = min(header.frames, max(1 << 16, size))
    var samples: [Float] = []
    while true {
      let start = samples.count
      let known = samples
      samples = [Float](unsafeUninitializedCapacity: capacity * channels) { buffer, filled in
        guard let target = buffer.baseAddress else { return }
        if start > 0 { target.initialize(from: known, count: start) }
        let read = sf_readf_float(file, target + start, sf_count_t(capacity - start / channels))
        filled = start + max(0, Int(read)) * channels
      }
      if samples.count == header.frames * channels { break }
      guard samples.count == capacity * channels else {
        throw .truncated(expected: header.frames, found: samples.count / channels, unit: "samples")
      }
      capacity = min(header.frames, 4 * capacity)
    }
    guard sf_error(file) == 0 else { throw .damagedSamples(String(cString: sf_strerror(file))) }
    return samples
  }
}
