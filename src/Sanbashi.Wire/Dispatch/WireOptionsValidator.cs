using Microsoft.Extensions.Options;

namespace Sanbashi.Wire;

/// <summary>Refuses limits that make no sense when the host starts.</summary>
internal sealed class WireOptionsValidator : IValidateOptions<WireOptions>
{
    public ValidateOptionsResult Validate(string? name, WireOptions options)
    {
        var faults = new List<string>();
        if (options.ClockSkew < TimeSpan.FromSeconds(1) || options.ClockSkew > TimeSpan.FromDays(1))
        {
            faults.Add($"ClockSkew is {options.ClockSkew}; it must be from 1 second to 1 day.");
        }

        if (options.MaxBodyBytes is < 1024 or > 256 * 1024 * 1024)
        {
            faults.Add($"MaxBodyBytes is {options.MaxBodyBytes}; it must be from 1024 to 268435456.");
        }

        if (options.Protocols.Count == 0)
        {
            faults.Add("Protocols is empty; at least one is needed.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
