import CKernels

extension FusedChain {
  /// Where the forward pass finds its scratch, in floats from its start.
  private struct Room {
    let threads: Int
    let shared: Int
    let activation: Int
    let means: Int
    let scales: Int
    let zeros: Int
    let measuring: Int
    let strips: Int
    let stripCount: Int
    let activationCount: Int
    let total: Int

    init(_ chain: FusedChain, threads: Int) {
      self.threads = threads
      var next = 0
      func take(_ count: Int) -> Int {
        defer { next += (count + 15) & ~15 }
        return next
      }
      let room = chain.activation?.forwardRoom ?? (shared: 0, worker: 0)
      activationCount = room.worker
      stripCount = chain.pool == nil ? 0 : chain.extent.forwardCount
      shared = take(room.shared)
      activation = take(threads * activationCount)
      let table = chain.norm.map { (chain.bySample ? threads : $0.statisticRows) * chain.extent.channels } ?? 0
      means = take(table)
      scales = take(table)
      zeros = take(chain.zeros)
      measuring = take(chain.norm?.measuringScratch(threads: threads) ?? 0)
      strips = take(threads * stripCount)
      total = next
    }
  }

  public func forwardScratch(threads: Int) -> Int { Room(self, threads: threads).total }

  public func forward(_ context: borrowing ForwardContext) { run(context, again: false) }

  /// Normalising by known statistics costs hardly more than reading; a pool would write its places again, and dropout draw
  /// its numbers.
  public var isCheapToRecompute: Bool { norm != nil && pool == nil && dropout == nil }

  public func recompute(_ context: borrowing ForwardContext) { run(context, again: true) }

  /// - Parameter again: normalise by the statistics that are kept rather than measure.
  private func run(_ context: borrowing ForwardContext, again: Bool) {
    let room = Room(self, threads: context.pool.threads)
    let scratch = context.scratch
    activation?.prepareForward(scratch + room.shared)
    let strips = extent.forward
    (scratch + room.zeros).update(repeating: 0, count: zeros)
    let frame = ForwardFrame(
      x: context.inputs[0], addend: adds ? context.inputs[1] : nil, y: context.output,
      shift: norm?.isAffine == true ? context.parameters[1] : UnsafePointer(scratch + room.zeros),
      places: context.training ? placesIndex.map { context.saved[$0] } : nil,
      key: context.training && dropout?.drops == true ? context.randomKey : nil)
    func run(_ sample: Int, _ strip: ChainExtent.Strip, _ worker: Int, _ row: Int) {
      forward(
        strip, of: sample, frame, means: scratch + room.means + row * extent.channels,
        scales: scratch + room.scales + row * extent.channels, buffer: scratch + room.strips + worker * room.stripCount,
        .init(shared: scratch + room.shared, worker: scratch + room.activation + worker * room.activationCount))
    }
    let (means, scales) = (scratch + room.means, scratch + room.scales)
    let weight = norm?.isAffine == true ? context.parameters[0] : nil
    if bySample, case .group(let norm) = norm {
      let statistics = context.training ? context.saved[0] : nil
      let channels = extent.channels
      context.pool.run(tiles: extent.samples) { sample, worker in
        let (means, scales) = (means + worker * channels, scales + worker * channels)
        if again, let statistics {
          norm.restore(sample, statistics: statistics, means: means, scales: scales, weight: weight)
        } else {
          norm.measure(
            sample, frame.x + sample * extent.sampleCount, means: means, scales: scales, weight: weight,
            statistics: statistics, columns: scratch + room.measuring + worker * 3 * channels)
        }
        for strip in strips { run(sample, strip, worker, worker) }
      }
    } else {
      if again {
        norm?.restore(statistics: context.saved[0], weight: weight, means: means, scales: scales)
      } else {
        norm?.measure(context, means: means, scales: scales, scratch: scratch + room.measuring)
      }
      let rows = norm?.statisticRows ?? 1
      context.pool.run(tiles: extent.samples * strips.count) { tile, worker in
        let sample = tile / strips.count
        run(sample, strips[tile % strips.count], worker, rows > 1 ? sample : 0)
      }
    }
  }

  /// What a forward call reads and writes.
  struct ForwardFrame {
    let x: UnsafePointer<Float>
    let addend: UnsafePointer<Float>?
    let y: UnsafeMutablePointer<Float>
    /// Added behind the normalisation.
    let shift: UnsafePointer<Float>
    let places: UnsafeMutablePointer<Float>?
    /// nil where nothing is dropped.
    let key: RandomKey?
  }

  /// Takes one strip through all stages. Without a pool it lies in `y` all the while, else in `buffer`.
  private func forward(
    _ strip: ChainExtent.Strip, of sample: Int, _ frame: ForwardFrame, means: UnsafePointer<Float>,
    scales: UnsafePointer<Float>, buffer: UnsafeMutablePointer<Float>, _ room: ElementwiseStage.Room
  ) {
    let outAt = sample * extent.outSampleCount + strip.outputs.lowerBound * extent.outRowCount
    let y = frame.y + outAt
    let target = pool == nil ? y : buffer
    let at = sample * extent.sampleCount + strip.rows.lowerBound * extent.rowCount
    let count = strip.rows.count * extent.rowCount
    var values = UnsafePointer(target)
    if let loop = normLoop(means: means, scales: scales, shift: frame.shift) {
      withUnsafePointer(to: loop) {
        Kernels.table.norm_activate($0, count / extent.channels, frame.x + at, frame.addend.map { $0 + at }, target)
      }
    } else {
      values = remake(
        at, count, x: frame.x, addend: frame.addend, shift: frame.shift, means: means, scales: scales, into: target)
      if let activation {
        activation.forward(count, values, target, room)
        values = UnsafePointer(target)
      }
    }
    pool?.forward(
      strip.outputs, sample: sample, x: values, first: strip.rows.lowerBound, y: y, places: frame.places)
    guard let dropout else { return }
    let outCount = strip.outputs.count * extent.outRowCount
    let source = pool == nil ? values : UnsafePointer(y)
    if let key = frame.key {
      dropout.apply(outCount, first: outAt, source, y, key)
    } else if source != UnsafePointer(y) {
      y.update(from: source, count: outCount)
    }
  }

  /// Floats of a row of zeros, which a normalisation without a bias adds.
  var zeros: Int { norm?.isAffine == false ? extent.channels : 0 }

  /// Normalisation, addend and activation as one loop; nil where there is no such loop.
  func normLoop(
    means: UnsafePointer<Float>, scales: UnsafePointer<Float>, shift: UnsafePointer<Float>
  ) -> serspec_norm_activation? {
    guard norm != nil,
      let (kind, alpha) = activation == nil ? (SERSPEC_ACTIVATION_NONE, 0) : activation?.loop
    else { return nil }
    return serspec_norm_activation(
      columns: extent.channels, mean: means, scale: scales, shift: shift, kind: kind, alpha: alpha)
  }

  /// The values that the activation takes, `count` from `at` on: in `target` where there is a normalisation or an
  /// addend, otherwise those of x themselves.
  func remake(
    _ at: Int, _ count: Int, x: UnsafePointer<Float>, addend: UnsafePointer<Float>?, shift: UnsafePointer<Float>,
    means: UnsafePointer<Float>, scales: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    guard norm != nil else {
      guard let addend else { return x + at }
      Kernels.table.sum(count, x + at, addend + at, target)
      return UnsafePointer(target)
    }
    Kernels.table.normalise(count / extent.channels, extent.channels, x + at, means, scales, shift, target)
    if let addend { Kernels.table.add(count, addend + at, target) }
    return UnsafePointer(target)
  }
}

extension Dropout {
  /// Drops the values `first` ..< `first + count` of the tensor, in place too.
  func apply(
    _ count: Int, first: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ key: RandomKey
  ) {
    // The kernel draws eight numbers at a time.
    let head = min(count, (8 - first % 8) % 8)
    if head > 0 {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 8) { block in
        guard let block = block.baseAddress else { return }
        block.update(repeating: 0, count: 8)
        (block + first % 8).update(from: x, count: head)
        Kernels.table.dropout(8, key.bits, UInt64(first - first % 8), threshold, scale, block, block, 0)
        y.update(from: block + first % 8, count: head)
      }
    }
    if count > head {
      Kernels.table.dropout(count - head, key.bits, UInt64(first + head), threshold, scale, x + head, y + head, 0)
    }
  }
}
