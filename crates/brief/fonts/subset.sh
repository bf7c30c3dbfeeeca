#!/bin/sh
# Makes the faces of this folder from the Noto fonts of Debian's `fonts-noto-core` with `pyftsubset` of `fonttools`.
# sh subset.sh /usr/share/fonts/truetype/noto
set -eu
from="$1"
into=$(dirname "$0")
names='--name-IDs=0,1,2,3,4,5,6,13,14'
# Latin of Europe, Africa and Vietnam, Greek, Cyrillic, and the marks that a newsroom sets.
letters='U+0020-007E,U+00A0-017F,U+0180,U+018F,U+0192,U+01A0,U+01A1,U+01AF,U+01B0,U+01CD-01DC,U+01E6-01E9,U+01F4,U+01F5,U+0218-021B,U+0259,U+02BB-02BD,U+02C6,U+02C7,U+02D8-02DD,U+0300-030C,U+0313,U+0323,U+0326-0328,U+0331,U+0384-03CE,U+0400-045F,U+0490-0493,U+0496-049D,U+04A0-04A3,U+04AE-04B3,U+04B6-04BB,U+04CF,U+04D8,U+04D9,U+04E8,U+04E9,U+1E80-1E85,U+1E9E,U+1EA0-1EF9,U+2010-2027,U+202F-203A,U+2044,U+2070-208E,U+20A4,U+20A6,U+20A9-20AC,U+20AE,U+20B1,U+20B4,U+20B8-20BA,U+20BC-20BF,U+2103,U+2116,U+2122,U+2126,U+2153-215E,U+2190-2193,U+2212,U+221E,U+2248,U+2260,U+2264,U+2265,U+25A0,U+25CF,U+FFFD'
for face in NotoSerif-Bold NotoSans-Regular; do
    pyftsubset "$from/$face.ttf" --unicodes="$letters" --layout-features=kern,ccmp,locl,tnum --no-hinting "$names" \
        --output-file="$into/$face.ttf"
done
# Only labels of our own are set in this one.
pyftsubset "$from/NotoSans-Bold.ttf" --unicodes='U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026' \
    --layout-features=kern,tnum --no-hinting "$names" --output-file="$into/NotoSans-Bold.ttf"
# Arabic with Persian and Urdu, and Hebrew, each with the joiners and the marks that stand among them.
shared='U+0020,U+00A0,U+00AB,U+00BB,U+200C-200F,U+25CC'
for face in NotoNaskhArabic-Regular NotoNaskhArabic-Bold; do
    pyftsubset "$from/$face.ttf" --unicodes="$shared,U+0600-06FF,U+0750-077F,U+08A0-08FF" --layout-features='*' \
        --no-hinting "$names" --output-file="$into/$face.ttf"
done
for face in NotoSansHebrew-Regular NotoSansHebrew-Bold; do
    pyftsubset "$from/$face.ttf" --unicodes="$shared,U+0590-05FF,U+FB1D-FB4F" --layout-features='*' --no-hinting \
        "$names" --output-file="$into/$face.ttf"
done
