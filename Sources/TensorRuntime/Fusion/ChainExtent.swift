/// How a fused chain cuts its tensors: samples of rows, each row `width` x `channels` values, rows in strips that stay in
/// the nearest caches from stage to stage. All cuts depend on the shapes alone.
struct ChainExtent: Sendable {
  /// A part of one sample.
  struct Strip: Sendable {
    /// Rows that the strip reads, or writes the gradient of.
    let rows: Range<Int>
    /// Rows of the output that it writes, or that read any of `rows`.
    let outputs: Range<Int>
    /// All rows that `outputs` read, and `rows`.
    let covered: Range<Int>
  }

  let samples: Int
  let rows: Int
  let channels: Int
  /// Values of a row of the input, of the output.
  let rowCount: Int
  let outRowCount: Int
  let outRows: Int
  let forward: [Strip]
  /// Their `rows` cover every row once.
  let backward: [Strip]

  /// Rows of the largest strip of each kind.
  private let largest: (forward: Int, rows: Int, outputs: Int, covered: Int)

  /// Values of a strip; several buffers of this size fit the second-level cache.
  private static let stripCount = 4096
  /// Strips of one tile of a matrix whose sums are kept tile by tile, so that the sums stay small beside it.
  static let stripsPerTile = 4

  init(samples: Int, rows: Int, width: Int, channels: Int, pool: ChainPool?) {
    self.samples = samples
    self.rows = rows
    self.channels = channels
    rowCount = width * channels
    outRowCount = (pool?.outWidth ?? width) * channels
    outRows = pool?.outRows ?? rows
    let inputsPerOutput = max(1, (rows + max(1, outRows) - 1) / max(1, outRows))
    let tiling = Tiling(outRows, by: Self.stripCount / max(1, rowCount * inputsPerOutput))
    let cuts = (0..<tiling.tiles).map { tiling[$0] }
    forward = cuts.map { outputs in
      let rows = pool?.inputs(of: outputs) ?? outputs
      return Strip(rows: rows, outputs: outputs, covered: rows)
    }
    if let pool, outRows == 1 {
      // One window over all rows: their gradients need not wait for each other.
      let tiling = Tiling(rows, by: Self.stripCount / max(1, rowCount))
      backward = (0..<tiling.tiles).map { Self.strip(tiling[$0], pool) }
    } else if let pool {
      // Each strip begins where a window does, so that windows that do not overlap are not cut.
      let starts = [0] + cuts.dropFirst().map { pool.inputs(of: $0).lowerBound } + [rows]
      backward = zip(starts, starts.dropFirst()).filter { $0 < $1 }.map { Self.strip($0..<$1, pool) }
    } else {
      backward = forward
    }
    func most(_ strips: [Strip], _ rows: (Strip) -> Range<Int>) -> Int { strips.map { rows($0).count }.max() ?? 0 }
    largest = (
      most(forward, \.rows), most(backward, \.rows), most(backward, \.outputs), most(backward, \.covered)
    )
  }

  private static func strip(_ rows: Range<Int>, _ pool: ChainPool) -> Strip {
    let outputs = pool.outputs(reading: rows)
    let read = outputs.isEmpty ? rows : pool.inputs(of: outputs)
    let covered = min(rows.lowerBound, read.lowerBound)..<max(rows.upperBound, read.upperBound)
    return Strip(rows: rows, outputs: outputs, covered: pool.isGlobal ? rows : covered)
  }

  var sampleCount: Int { rows * rowCount }
  var outSampleCount: Int { outRows * outRowCount }

  /// Groups of a sample's backward strips whose sums are kept together.
  var groups: Tiling { Tiling(backward.count, by: Self.stripsPerTile) }

  /// Values of the input of the largest strip forward.
  var forwardCount: Int { largest.forward * rowCount }
  /// Values of the largest strip backward: its input, its output, and all that its output reads.
  var backwardCount: Int { largest.rows * rowCount }
  var backwardOutCount: Int { largest.outputs * outRowCount }
  var coveredCount: Int { largest.covered * rowCount }
}
