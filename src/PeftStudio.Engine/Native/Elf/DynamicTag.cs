namespace PeftStudio.Engine.Native.Elf;

/// <summary>Tags of the dynamic section that are read here (System V ABI and its GNU extensions).</summary>
internal static class DynamicTag
{
    internal const long End = 0;
    internal const long StringTable = 5;
    internal const long SymbolTable = 6;
    internal const long StringTableSize = 10;
    internal const long GnuHash = 0x6ffffef5;
    internal const long SymbolVersions = 0x6ffffff0;
    internal const long VersionDefinitions = 0x6ffffffc;
    internal const long VersionDefinitionCount = 0x6ffffffd;
    internal const long VersionNeeds = 0x6ffffffe;
    internal const long VersionNeedCount = 0x6fffffff;
}
