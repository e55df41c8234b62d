using System.Reflection;
using CpuTorch.Modules;

namespace CpuTorch;

/// <summary>Finds a module's components in its fields, those of base classes included.</summary>
internal static class ComponentFields
{
    internal static void Register(torch.nn.Module module)
    {
        foreach (FieldInfo field in Fields(module.GetType()))
        {
            object? value = field.GetValue(module);
            string name = Name(field);
            if (value is null || module.IsTaken(name) || module.Holds(value)) continue;
            if (value is Parameter parameter) module.register_parameter(name, parameter);
            else if (value is torch.Tensor tensor) module.register_buffer(name, tensor);
            else if (value is torch.nn.Module child) module.register_module(name, child);
        }
    }

    internal static void Set(torch.nn.Module module, string name, Parameter parameter)
    {
        foreach (FieldInfo field in Fields(module.GetType()))
        {
            if (Name(field) == name && typeof(torch.Tensor).IsAssignableFrom(field.FieldType)) field.SetValue(module, parameter);
        }
    }

    // An auto-property's field is named <name>k__BackingField.
    private static string Name(FieldInfo field) => field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        var chain = new Stack<Type>();
        for (Type? at = type; at is not null && at != typeof(torch.nn.Module); at = at.BaseType) chain.Push(at);
        return chain.SelectMany(level => level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
    }
}
