namespace CpuTorch;

public enum DeviceType
{
    CPU = 0,
}

public static partial class torch
{
    /// <summary>Where a tensor lives. This engine knows one place.</summary>
    public sealed class Device : IEquatable<Device>
    {
        public Device(string description)
        {
            if (description != "cpu" && !description.StartsWith("cpu:", StringComparison.Ordinal))
                throw TorchException.Runtime($"this engine computes on the CPU only, got device '{description}'");
        }

        public Device(DeviceType type, int index = -1)
        {
            _ = type;
            _ = index;
        }

        public DeviceType type => DeviceType.CPU;

        public bool Equals(Device? other) => other is not null;

        public override bool Equals(object? obj) => obj is Device;

        public override int GetHashCode() => 0;

        public override string ToString() => "cpu";
    }

    /// <summary>The one device.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device device(string description) => new(description);

    public static class cuda
    {
        public static bool is_available() => false;

        public static int device_count() => 0;
    }
}
