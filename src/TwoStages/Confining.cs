using BlockRbd.Linux.Confinement;

namespace BlockRbd.TwoStages;

/// <summary>What the process that reads the guest gives up.</summary>
public static class Confining
{
    /// <summary>Gives up what reading a guest doesn't need.</summary>
    /// <param name="limits">What it may use.</param>
    /// <param name="user">Who this process has become; null for who started it.</param>
    /// <param name="inherited">What stands around it already.</param>
    /// <param name="required">Whether a missing layer is an error.</param>
    /// <returns>The layers in force.</returns>
    /// <exception cref="StageException">One is missing, and required.</exception>
    public static ConfinementLayers Enter(StageLimits limits, UserIds? user, ConfinementLayers inherited, bool required)
    {
        ConfinementLayers layers = inherited | (user is { Uid: > 0 } ? ConfinementLayers.User : 0);
        layers |= Cage.IsPossible ? Cage.EnterProcess(limits.MaxFileBytes, limits.MaxMemoryBytes, limits.MaxSeconds) : 0;
        ConfinementLayers missing = Cage.All & ~layers;
        return required && missing != ConfinementLayers.None
            ? throw new StageException(
                StageFault.Privileges, $"--require-confinement: not to be had here: {missing}; run it as root on Linux 5.13 or later, with Landlock on")
            : layers;
    }
}
