import type { Schema } from "@headless-cms/client";
import type { ReactNode } from "react";

interface Props {
  image: Schema<"Image"> | null;
  /** How wide the picture is drawn, as `sizes` of a `<source>`. */
  sizes?: string;
  /** Whether it is seen at once: the largest picture at the top of a page. */
  first?: boolean;
}

/**
 * A picture in all its sizes and forms, with a tiny one behind it until it is there.
 *
 * The tiny one is a picture of its own, because a Content-Security-Policy without styles in the HTML is worth having; behind
 * what one can see through, which comes as PNG, it would be seen.
 */
export function Picture({ image, sizes = "100vw", first = false }: Props): ReactNode {
  if (!image) return null;
  const isOpaque = image.sources.length > 0 && image.sources.at(-1)?.type !== "image/png";
  return (
    <span className="picture">
      {image.placeholder && isOpaque && <img className="placeholder" src={image.placeholder} alt="" aria-hidden="true" />}
      <picture>
        {image.sources.map(({ type, srcset }) => (
          <source
            key={type}
            type={type}
            sizes={sizes}
            srcSet={srcset.map(({ url, width }) => `${url} ${width}w`).join(", ")}
          />
        ))}
        <img
          src={image.src}
          alt={image.alt}
          width={image.width}
          height={image.height}
          loading={first ? "eager" : "lazy"}
          fetchPriority={first ? "high" : "auto"}
        />
      </picture>
    </span>
  );
}
