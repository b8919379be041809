/** What is said while the API does not answer. */

import { Notice } from "@/components/pages";

export default function Page() {
  return (
    <Notice
      heading="Please try again soon"
      text="Our content cannot be reached right now. We are working on it."
    />
  );
}
