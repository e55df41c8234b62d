using System.Numerics;

namespace FineTuneKit.Data;

/// <summary>Check digits of numbers that name a person or an account; texts hold digits only.</summary>
internal static class CheckDigits
{
    /// <summary>Card numbers: ISO/IEC 7812-1 (Luhn).</summary>
    public static bool Luhn(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>Japan's My Number, 12 digits: Ordinance 85 of the Ministry of Internal Affairs and Communications (2014), article 5.</summary>
    public static bool MyNumber(string digits)
    {
        int sum = 0;
        for (int n = 1; n <= 11; n++) sum += (digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
        int remainder = sum % 11;
        return digits[11] - '0' == (remainder <= 1 ? 0 : 11 - remainder);
    }

    /// <summary>IBAN, upper case without spaces: ISO 13616, remainder 1 of 97.</summary>
    public static bool Iban(string iban)
    {
        string number = string.Concat((iban[4..] + iban[..4]).Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'A' + 10).ToString()));
        return BigInteger.Parse(number) % 97 == 1;
    }
}
