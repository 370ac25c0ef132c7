#!/usr/bin/env bash
# Packs every package, then runs the ten lines of README.md in a console application outside the clone that references the packed PeftStudio.
# Needs the package sources of this machine for what the packages depend on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly repository="$PWD"
readonly version="0.1.0-try.$(date +%s)" # never seen before, so no cache can answer for it
readonly folder="$(mktemp -d)"
readonly cache="$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')"

clean() { rm -rf "$folder" "${cache%/}"/peftstudio*/"$version"; }
trap clean EXIT

dotnet pack src/PeftStudio/PeftStudio.csproj -c Release -o "$folder/feed" -p:PackageVersion="$version" -v quiet
for project in src/*/*.csproj; do
  name="$(basename "${project%.csproj}")"
  [[ -f "$folder/feed/$name.$version.nupkg" ]] || dotnet pack "$project" -c Release -o "$folder/feed" -p:PackageVersion="$version" -v quiet
  for entry in README.md LICENSE THIRD-PARTY-NOTICES.md "lib/net10.0/$name.dll" "lib/net10.0/$name.xml"; do
    unzip -l "$folder/feed/$name.$version.nupkg" | grep -q " $entry$" || { echo "$name lacks $entry" >&2; exit 1; }
  done
  [[ -f "$folder/feed/$name.$version.snupkg" ]] || { echo "$name has no symbols" >&2; exit 1; }
done
ls -l "$folder/feed"

mkdir "$folder/app"
cd "$folder/app"
cat > nuget.config <<'XML'
<configuration>
  <packageSources>
    <add key="packed" value="../feed" />
  </packageSources>
</configuration>
XML
cat > app.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <EnableDefaultItems>false</EnableDefaultItems>
    <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="Program.cs" />
    <PackageReference Include="PeftStudio" Version="$version" />
  </ItemGroup>
</Project>
XML
sed -n '/^```csharp$/,/^```$/p' "$repository/README.md" | sed '/^```/d' > Program.cs
ln -s "$repository/samples" samples
dotnet run -c Release
echo
find runs -type f | sort
compgen -G 'runs/*/adapter/adapter_model.safetensors' > /dev/null
