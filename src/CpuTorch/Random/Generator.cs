using System.Runtime.InteropServices;

namespace CpuTorch;

public static partial class torch
{
    /// <summary>The generator that operations use where none is given.</summary>
    public static Generator default_generator { get; } = new(67280421310721);

    /// <summary>Seeds the default generator.</summary>
    public static Generator manual_seed(long seed) => default_generator.manual_seed(seed);

    /// <summary>How many threads kernels use. Results do not depend on it.</summary>
    public static void set_num_threads(int num) => Kernels.Workers.Count = num;

    public static int get_num_threads() => Kernels.Workers.Count;

    /// <summary>
    /// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a counter and a key make
    /// each number, so the state is two integers and the n-th draw needs no others.
    /// </summary>
    public sealed class Generator(ulong seed = 0, Device? device = null)
    {
        private ulong seed = seed;
        private ulong counter;

        public Device device { get; } = device ?? CPU;

        public Generator manual_seed(long seed)
        {
            this.seed = (ulong)seed;
            counter = 0;
            return this;
        }

        public long initial_seed() => (long)seed;

        /// <summary>Seed and counter as 16 bytes.</summary>
        public Tensor get_state() => tensor([.. BitConverter.GetBytes(seed), .. BitConverter.GetBytes(counter)]);

        public void set_state(Tensor value)
        {
            byte[] state = value.data<byte>().ToArray();
            if (state.Length != 16) throw TorchException.Runtime($"a generator's state has 16 bytes, got {state.Length}");
            seed = BitConverter.ToUInt64(state, 0);
            counter = BitConverter.ToUInt64(state, 8);
        }

        /// <summary>Seed and counter.</summary>
        internal (ulong Seed, ulong Counter) Place
        {
            get => (seed, counter);
            set => (seed, counter) = value;
        }

        /// <summary>Reserves as many blocks of four numbers as are asked for; returns the first.</summary>
        internal ulong Reserve(long blocks)
        {
            DrawRecord.Note(this);
            ulong first = counter;
            counter += (ulong)blocks;
            return first;
        }

        /// <summary>Uniform on [0, 1) with 53 bits.</summary>
        internal double NextDouble()
        {
            Philox block = Philox.Block(seed, Reserve(1));
            return (((ulong)block.A << 21) ^ (block.B >> 11)) * (1.0 / (1UL << 53));
        }

        internal Philox Block(ulong number) => Philox.Block(seed, number);
    }
}

/// <summary>Four random words.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Philox(uint A, uint B, uint C, uint D)
{
    internal static Philox Block(ulong key, ulong number)
    {
        (uint a, uint b, uint c, uint d) = ((uint)number, (uint)(number >> 32), 0u, 0u);
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong x = 0xD2511F53UL * a;
            ulong y = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(y >> 32) ^ b ^ k0, (uint)y, (uint)(x >> 32) ^ d ^ k1, (uint)x);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return new(a, b, c, d);
    }

    /// <summary>Uniform on [0, 1) with 24 bits.</summary>
    internal static float Uniform(uint word) => (word >> 8) * (1f / (1 << 24));
}
