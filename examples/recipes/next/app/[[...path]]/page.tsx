import { notFound } from "next/navigation";
import { Suspense } from "react";

import { read } from "../../lib/cms";

type Props = { params: Promise<{ path?: string[] }> };

async function Body({ params }: Props) {
  const { path = [] } = await params;
  const { status, data } = await read(`pages/find/?html_path=/${path.join("/")}`);
  if (status !== 200) {
    notFound();
  }
  return <h1>{data.title}</h1>;
}

export default function Page(props: Props) {
  return (
    <Suspense>
      <Body {...props} />
    </Suspense>
  );
}
