extension FusedChain {
  /// Where the backward pass finds its scratch, in floats from its start.
  private struct Room {
    let shared: Int
    let zeros: Int
    /// Means, factors and the three rows of factors of the gradient, one table behind the other.
    let tables: Int
    let tableCount: Int
    /// The parts of the weight's and the bias's gradients, in pairs of rows: of samples, or of groups of strips.
    let partials: Int
    /// The same joined for each sample.
    let joined: Int
    let workers: Int
    let workerCount: Int
    // Within a worker's part:
    let activation: Int
    let dropped: Int
    let unpooled: Int
    let known: Int
    let gradient: Int
    let sums: Int
    let total: Int

    init(_ chain: FusedChain, threads: Int) {
      var next = 0
      func take(_ count: Int) -> Int {
        defer { next += (count + 15) & ~15 }
        return next
      }
      let (extent, channels) = (chain.extent, chain.extent.channels)
      let room = chain.activation?.gradientRoom ?? (shared: 0, worker: 0)
      activation = take(room.worker)
      dropped = take(chain.drops ? extent.backwardOutCount : 0)
      unpooled = take(chain.pool == nil ? 0 : extent.coveredCount)
      let strip = extent.backwardCount
      let isOneLoop = chain.norm != nil && chain.activation?.loop != nil
      known = take(chain.activation == nil || chain.readsOutput || isOneLoop ? 0 : strip)
      gradient = take(chain.bySample ? extent.sampleCount : strip)
      sums = take(2 * channels)
      workerCount = next

      next = 0
      shared = take(room.shared)
      zeros = take(chain.zeros)
      let rows = chain.norm.map { chain.bySample ? threads : $0.statisticRows } ?? 0
      tableCount = rows * channels
      tables = take(5 * tableCount)
      let parts = chain.norm == nil ? 0 : extent.samples * (chain.bySample ? 1 : extent.groups.tiles)
      partials = take(2 * parts * channels)
      joined = take(2 * tableCount)
      workers = take(threads * workerCount)
      total = next
    }
  }

  public func backwardScratch(threads: Int) -> Int { Room(self, threads: threads).total }

  private var drops: Bool { dropout?.drops ?? false }

  public func backward(_ context: borrowing BackwardContext) {
    let pass = GradientPass(self, context)
    activation?.prepareGradient(pass.scratch + pass.room.shared)
    switch norm {
    case .group(let norm) where bySample: pass.run(norm, bySample: context)
    case .some(let norm): pass.run(norm, byStrip: context)
    case nil:
      if pass.dx == nil && pass.addendGradient == nil { return }
      let count = extent.backward.count
      context.pool.run(tiles: extent.samples * count) { tile, worker in
        pass.plainStrip(tile % count, of: tile / count, worker)
      }
    }
  }

  /// The pointers of one backward call.
  ///
  /// With z what the activation takes: dz comes back from dy strip by strip; the addend's gradient is dz itself, and x's
  /// follows from it as the normalisation says, when its sums over the statistic's values are known.
  private struct GradientPass {
    let chain: FusedChain
    let room: Room
    let extent: ChainExtent
    let channels: Int
    let x: UnsafePointer<Float>
    let addend: UnsafePointer<Float>?
    let y: UnsafePointer<Float>
    let dy: UnsafePointer<Float>
    let dx: UnsafeMutablePointer<Float>?
    let addsToX: Bool
    let addendGradient: UnsafeMutablePointer<Float>?
    let addsToAddend: Bool
    let weight: UnsafePointer<Float>?
    let shift: UnsafePointer<Float>
    let statistics: UnsafePointer<Float>?
    let places: UnsafePointer<Float>?
    let key: RandomKey
    let scratch: UnsafeMutablePointer<Float>

    init(_ chain: FusedChain, _ context: borrowing BackwardContext) {
      self.chain = chain
      room = Room(chain, threads: context.pool.threads)
      extent = chain.extent
      channels = extent.channels
      x = context.inputs[0]
      addend = chain.adds ? context.inputs[1] : nil
      y = context.output
      dy = context.outputGradient
      dx = context.inputGradients[0]
      addsToX = context.accumulate[0]
      addendGradient = chain.adds ? context.inputGradients[1] : nil
      addsToAddend = chain.adds && context.accumulate[1]
      let affine = chain.norm?.isAffine == true
      weight = affine ? context.parameters[0] : nil
      statistics = chain.norm == nil ? nil : UnsafePointer(context.saved[0])
      places = chain.placesIndex.map { UnsafePointer(context.saved[$0]) }
      key = context.randomKey
      scratch = context.scratch
      (scratch + room.zeros).update(repeating: 0, count: chain.zeros)
      shift = affine ? context.parameters[1] : UnsafePointer(scratch + room.zeros)
    }

    private func table(_ index: Int, row: Int) -> UnsafeMutablePointer<Float> {
      scratch + room.tables + index * room.tableCount + row * channels
    }
    private func own(_ worker: Int) -> UnsafeMutablePointer<Float> {
      scratch + room.workers + worker * room.workerCount
    }

    // MARK: Statistics of each sample, one tile a sample

    func run(_ norm: GroupNorm, bySample context: borrowing BackwardContext) {
      guard let statistics else { return }
      let positions = norm.positions
      let partials = scratch + room.partials
      context.pool.run(tiles: extent.samples) { sample, worker in
        let (means, scales) = (table(0, row: worker), table(1, row: worker))
        norm.restore(sample, statistics: statistics, means: means, scales: scales, weight: weight)
        let dz = own(worker) + room.gradient
        let products = partials + sample * 2 * channels
        products.update(repeating: 0, count: 2 * channels)
        for strip in extent.backward {
          let target = dz + strip.rows.lowerBound * extent.rowCount
          gradient(strip, of: sample, row: worker, worker, into: target, sums: products)
        }
        let at = sample * extent.sampleCount
        let (a, b, d) = (table(2, row: worker), table(3, row: worker), table(4, row: worker))
        norm.factors(
          sample, statistics: statistics, weight: weight, products: products, sums: products + channels, a: a, b: b,
          d: d)
        if let dx {
          Kernels.table.norm_gradient(
            positions, channels, x + at, dz, means, a, b, d, dx + at, addsToX ? 1 : 0)
        }
        deliver(dz, at: at, count: extent.sampleCount)
      }
      for (index, gradient) in context.parameterGradients.enumerated() {
        Kernels.table.column_sums(extent.samples, channels, 2 * channels, 1, partials + index * channels, gradient)
      }
    }

    // MARK: Statistics of more than a tile: sums of all strips first, then their gradients

    func run(_ norm: ChainNorm, byStrip context: borrowing BackwardContext) {
      guard let statistics else { return }
      let rows = norm.statisticRows
      norm.restore(statistics: statistics, weight: weight, means: table(0, row: 0), scales: table(1, row: 0))
      let groups = extent.groups
      let partials = scratch + room.partials
      context.pool.run(tiles: extent.samples * groups.tiles) { tile, worker in
        let (sample, group) = (tile / groups.tiles, tile % groups.tiles)
        let sums = partials + tile * 2 * channels
        sums.update(repeating: 0, count: 2 * channels)
        for strip in groups[group] {
          gradient(
            extent.backward[strip], of: sample, row: rows > 1 ? sample : 0, worker, into: own(worker) + room.gradient,
            sums: sums)
        }
      }
      switch norm {
      case .batch(let norm):
        let affine = norm.affine
        norm.factors(
          partials, tiles: extent.samples * groups.tiles, deviations: statistics + channels, weight: weight,
          weightGradient: affine ? context.parameterGradients[0] : nil,
          biasGradient: affine ? context.parameterGradients[1] : nil, a: table(2, row: 0), b: table(3, row: 0),
          d: table(4, row: 0))
      case .group(let norm):
        let joined = scratch + room.joined
        for sample in 0..<extent.samples {
          let sums = joined + sample * 2 * channels
          Kernels.table.column_sums(
            groups.tiles, 2 * channels, 2 * channels, 1, partials + sample * groups.tiles * 2 * channels, sums)
          norm.factors(
            sample, statistics: statistics, weight: weight, products: sums, sums: sums + channels,
            a: table(2, row: sample), b: table(3, row: sample), d: table(4, row: sample))
        }
        for (index, gradient) in context.parameterGradients.enumerated() {
          Kernels.table.column_sums(extent.samples, channels, 2 * channels, 1, joined + index * channels, gradient)
        }
      }
      if dx == nil && addendGradient == nil { return }
      let count = extent.backward.count
      context.pool.run(tiles: extent.samples * count) { tile, worker in
        let (sample, strip) = (tile / count, extent.backward[tile % count])
        let row = rows > 1 ? sample : 0
        let dz = own(worker) + room.gradient
        // The sums are known; these are thrown away.
        gradient(strip, of: sample, row: row, worker, into: dz, sums: own(worker) + room.sums)
        let at = sample * extent.sampleCount + strip.rows.lowerBound * extent.rowCount
        let count = strip.rows.count * extent.rowCount
        if let dx {
          Kernels.table.norm_gradient(
            count / channels, channels, x + at, dz, table(0, row: row), table(2, row: row), table(3, row: row),
            table(4, row: row), dx + at, addsToX ? 1 : 0)
        }
        deliver(dz, at: at, count: count)
      }
    }

    // MARK: One strip

    /// Without a normalisation, x's gradient is dz too.
    func plainStrip(_ index: Int, of sample: Int, _ worker: Int) {
      let strip = extent.backward[index]
      let at = sample * extent.sampleCount + strip.rows.lowerBound * extent.rowCount
      let count = strip.rows.count * extent.rowCount
      let direct = dx.flatMap { addsToX ? nil : $0 + at }
      let dz = direct ?? own(worker) + room.gradient
      gradient(strip, of: sample, row: 0, worker, into: dz, sums: own(worker) + room.sums)
      if let dx, addsToX { Kernels.table.add(count, dz, dx + at) }
      deliver(dz, at: at, count: count)
    }

    /// Gives the addend its gradient; after x has its own, for both may be one tensor.
    private func deliver(_ dz: UnsafePointer<Float>, at: Int, count: Int) {
      guard let addendGradient else { return }
      if addsToAddend {
        Kernels.table.add(count, dz, addendGradient + at)
      } else {
        (addendGradient + at).update(from: dz, count: count)
      }
    }

    /// Writes dz of the strip's rows to `target`, and adds what the normalisation asks of them to `sums`.
    private func gradient(
      _ strip: ChainExtent.Strip, of sample: Int, row: Int, _ worker: Int, into target: UnsafeMutablePointer<Float>,
      sums: UnsafeMutablePointer<Float>
    ) {
      let own = own(worker)
      let outAt = sample * extent.outSampleCount + strip.outputs.lowerBound * extent.outRowCount
      var gradient = dy + outAt
      if chain.drops, let dropout = chain.dropout {
        dropout.apply(strip.outputs.count * extent.outRowCount, first: outAt, gradient, own + room.dropped, key)
        gradient = UnsafePointer(own + room.dropped)
      }
      if let pool = chain.pool {
        pool.gradient(
          strip.outputs, sample: sample, dy: gradient, places: places, rows: strip.covered, dx: own + room.unpooled)
        gradient =
          UnsafePointer(own + room.unpooled) + (strip.rows.lowerBound - strip.covered.lowerBound)
          * extent.rowCount
      }
      let count = strip.rows.count * extent.rowCount
      let at = sample * extent.sampleCount + strip.rows.lowerBound * extent.rowCount
      let (means, scales) = (table(0, row: row), table(1, row: row))
      if let loop = chain.normLoop(means: means, scales: scales, shift: shift) {
        return withUnsafePointer(to: loop) {
          Kernels.table.norm_activate_gradient(
            $0, count / channels, x + at, chain.activation == nil ? nil : addend.map { $0 + at },
            chain.readsOutput ? y + at : nil, gradient, target, sums, sums + channels)
        }
      }
      if let activation = chain.activation {
        let memory = ElementwiseStage.Room(shared: scratch + room.shared, worker: own + room.activation)
        var known = y + at
        if !chain.readsOutput {
          known = chain.remake(
            at, count, x: x, addend: addend, shift: shift, means: means, scales: scales, into: own + room.known)
          if activation.followsFromOutput {
            activation.forward(count, known, own + room.known, memory)
            known = UnsafePointer(own + room.known)
          }
        }
        activation.gradient(count, known: known, gradient, target, memory)
      } else {
        target.update(from: gradient, count: count)
      }
      if chain.norm != nil {
        // Formulas: the sums are a pass of their own.
        let own = own + room.sums
        Kernels.table.norm_sums(count / channels, channels, x + at, target, means, own, own + channels)
        if own != sums { Kernels.table.add(2 * channels, own, sums) }
      }
    }
  }
}
