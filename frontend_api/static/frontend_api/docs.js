// Shows the API's description. Nothing is asked of anybody else: without `validatorUrl: null`, Swagger UI would send
// the address of the description to a service that checks it.
const place = document.getElementById("docs");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
