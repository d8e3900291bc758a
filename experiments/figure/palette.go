package figure

import (
	"image"
	"image/color"
)

// paletted returns an image of at most 256 colours with a palette, which is smaller, and any other as it is.
func paletted(img image.Image) image.Image {
	rgba, ok := img.(*image.RGBA)
	if !ok {
		return img
	}
	small := image.NewPaletted(rgba.Rect, nil)
	index := map[color.RGBA]uint8{}
	for y := range rgba.Rect.Dy() {
		from, to := rgba.Pix[y*rgba.Stride:], small.Pix[y*small.Stride:]
		for x := range rgba.Rect.Dx() {
			c := color.RGBA{from[4*x], from[4*x+1], from[4*x+2], from[4*x+3]}
			i, ok := index[c]
			if !ok {
				if len(index) == 256 {
					return img
				}
				i = uint8(len(index))
				index[c] = i
				small.Palette = append(small.Palette, c)
			}
			to[x] = i
		}
	}
	return small
}
